"""What optimizers run: one step of each rule, on whole variables or on some rows.

After state. A *rule* changes a variable and its slots in place, given the settings and
the gradient by the names of the operation's inputs. From one rule come four operations:
ApplyX takes references, ResourceApplyX handles, and the sparse ones apply it to the
rows that a look-up touched. The formulas are those of TF 1.15's kernels.
"""

from __future__ import annotations

import inspect
import sys
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.op_errors import InternalError, InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define

from . import rules
from .state import handle_shape, missing
from .variable_parts import bad_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims
    from scopetutor.engine.state import Cell

Array = np.ndarray[Any, Any]

# -- rules -------------------------------------------------------------------------


def _gradient_descent(var: Array, alpha: Any, delta: Array) -> None:
    var -= delta * alpha


def _shrunk(x: Array, l1: Any, l2: Any, rate: Any) -> Any:
    """What L1 and L2 leave of a value: the proximal operator of both."""
    if np.any(l1 > 0):
        x = np.sign(x) * np.maximum(np.abs(x) - rate * l1, 0)
    return x / (1 + l2 * rate)


def _proximal_gradient_descent(
    var: Array, alpha: Any, l1: Any, l2: Any, delta: Array
) -> None:
    var[...] = _shrunk(var - delta * alpha, l1, l2, alpha)


def _momentum(
    var: Array, accum: Array, lr: Any, grad: Array, momentum: Any, use_nesterov: bool
) -> None:
    accum *= momentum
    accum += grad
    if use_nesterov:
        var -= grad * lr + accum * (momentum * lr)
    else:
        var -= accum * lr


def _keras_momentum(
    var: Array, accum: Array, lr: Any, grad: Array, momentum: Any, use_nesterov: bool
) -> None:
    step = grad * lr
    accum *= momentum
    accum -= step
    if use_nesterov:
        var += accum * momentum - step
    else:
        var += accum


def _adam(
    var: Array,
    m: Array,
    v: Array,
    beta1_power: Any,
    beta2_power: Any,
    lr: Any,
    beta1: Any,
    beta2: Any,
    epsilon: Any,
    grad: Array,
    use_nesterov: bool,
) -> None:
    alpha = lr * np.sqrt(1 - beta2_power) / (1 - beta1_power)
    change = np.empty_like(m)  # of a scalar, `grad - m` would be no array
    np.subtract(grad, m, out=change)
    change *= 1 - beta1
    m += change
    np.multiply(grad, grad, out=change)
    change -= v
    change *= 1 - beta2
    v += change
    np.sqrt(v, out=change)
    change += epsilon
    mean = grad * (1 - beta1) + m * beta1 if use_nesterov else m
    np.divide(mean, change, out=change)
    change *= alpha
    var -= change


def _adam_with_amsgrad(
    var: Array,
    m: Array,
    v: Array,
    vhat: Array,
    beta1_power: Any,
    beta2_power: Any,
    lr: Any,
    beta1: Any,
    beta2: Any,
    epsilon: Any,
    grad: Array,
) -> None:
    alpha = lr * np.sqrt(1 - beta2_power) / (1 - beta1_power)
    m += (grad - m) * (1 - beta1)
    v += (grad * grad - v) * (1 - beta2)
    np.maximum(vhat, v, out=vhat)
    var -= (m * alpha) / (np.sqrt(vhat) + epsilon)


def _ada_max(
    var: Array,
    m: Array,
    v: Array,
    beta1_power: Any,
    lr: Any,
    beta1: Any,
    beta2: Any,
    epsilon: Any,
    grad: Array,
) -> None:
    m += (grad - m) * (1 - beta1)
    np.maximum(v * beta2, np.abs(grad), out=v)
    var -= (m * (lr / (1 - beta1_power))) / (v + epsilon)


def _rms_prop(
    var: Array,
    ms: Array,
    mom: Array,
    lr: Any,
    rho: Any,
    momentum: Any,
    epsilon: Any,
    grad: Array,
) -> None:
    change = np.empty_like(ms)
    np.multiply(grad, grad, out=change)
    change -= ms
    change *= 1 - rho
    ms += change
    np.add(ms, epsilon, out=change)
    np.sqrt(change, out=change)
    np.divide(grad, change, out=change)
    change *= lr
    mom *= momentum
    mom += change
    var -= mom


def _centered_rms_prop(
    var: Array,
    mg: Array,
    ms: Array,
    mom: Array,
    lr: Any,
    rho: Any,
    momentum: Any,
    epsilon: Any,
    grad: Array,
) -> None:
    ms += (grad * grad - ms) * (1 - rho)
    mg += (grad - mg) * (1 - rho)
    mom *= momentum
    mom += (grad * lr) / np.sqrt(ms - mg * mg + epsilon)
    var -= mom


def _adagrad(
    var: Array, accum: Array, lr: Any, grad: Array, update_slots: bool
) -> None:
    if update_slots:
        accum += grad * grad
    var -= grad * lr / np.sqrt(accum)


def _adagrad_v2(
    var: Array, accum: Array, lr: Any, epsilon: Any, grad: Array, update_slots: bool
) -> None:
    if update_slots:
        accum += grad * grad
    var -= grad * lr / (np.sqrt(accum) + epsilon)


def _proximal_adagrad(
    var: Array, accum: Array, lr: Any, l1: Any, l2: Any, grad: Array
) -> None:
    accum += grad * grad
    rate = lr / np.sqrt(accum)
    var[...] = _shrunk(var - grad * rate, l1, l2, rate)


def _adagrad_da(
    var: Array,
    gradient_accumulator: Array,
    gradient_squared_accumulator: Array,
    grad: Array,
    lr: Any,
    l1: Any,
    l2: Any,
    global_step: Any,
) -> None:
    total = gradient_accumulator
    total += grad
    gradient_squared_accumulator += grad * grad
    steps = np.asarray(global_step).astype(var.dtype)
    sums: Any = total
    if l1 > 0:
        sums = np.sign(total) * np.maximum(np.abs(total) - l1 * steps, 0)
    size = l2 * steps * lr + np.sqrt(gradient_squared_accumulator)
    var[...] = -lr * sums / size


def _adadelta(
    var: Array,
    accum: Array,
    accum_update: Array,
    lr: Any,
    rho: Any,
    epsilon: Any,
    grad: Array,
) -> None:
    accum *= rho
    accum += grad * grad * (1 - rho)
    update = np.sqrt(accum_update + epsilon) / np.sqrt(accum + epsilon) * grad
    var -= update * lr
    accum_update *= rho
    accum_update += update * update * (1 - rho)


def _ftrl(
    var: Array,
    accum: Array,
    linear: Array,
    grad: Array,
    lr: Any,
    l1: Any,
    l2: Any,
    lr_power: Any,
    shrunk_grad: Array | None = None,
) -> None:
    new_accum = accum + grad * grad
    before, after = _power(accum, -lr_power), _power(new_accum, -lr_power)
    linear += (grad if shrunk_grad is None else shrunk_grad) - (
        after - before
    ) / lr * var
    kept = l1 * np.sign(linear) - linear
    var[...] = np.where(np.abs(linear) > l1, kept / (after / lr + 2 * l2), 0)
    accum[...] = new_accum


def _power(x: Array, exponent: Any) -> Any:
    return np.sqrt(x) if exponent == 0.5 else x**exponent


def _ftrl_v2(
    var: Array,
    accum: Array,
    linear: Array,
    grad: Array,
    lr: Any,
    l1: Any,
    l2: Any,
    l2_shrinkage: Any,
    lr_power: Any,
) -> None:
    shrunk_grad = grad + 2 * l2_shrinkage * var
    _ftrl(var, accum, linear, grad, lr, l1, l2, lr_power, shrunk_grad)


def _add_sign(
    var: Array, m: Array, lr: Any, alpha: Any, sign_decay: Any, beta: Any, grad: Array
) -> None:
    m *= beta
    m += grad * (1 - beta)
    var -= lr * (alpha + sign_decay * (np.sign(grad) * np.sign(m))) * grad


def _power_sign(
    var: Array, m: Array, lr: Any, logbase: Any, sign_decay: Any, beta: Any, grad: Array
) -> None:
    m *= beta
    m += grad * (1 - beta)
    var -= lr * np.exp(logbase * sign_decay * (np.sign(grad) * np.sign(m))) * grad


# -- operations --------------------------------------------------------------------

_FLAGS = ("use_nesterov", "update_slots")


def _is_held(argument: Any) -> bool:
    """Whether an input is a variable, not a value."""
    return argument.is_ref or argument.dtype is dtypes.resource


def _shape(op: Operation) -> list[Dims]:
    """The variable's shape, which its slots and a dense gradient share."""
    whole: Dims = None
    parts: dict[str, Dims] = {"indices": ()}
    for argument, taken in zip(op._definition.inputs, op._inputs, strict=True):
        if _is_held(argument):
            dims = taken._dims if argument.is_ref else handle_shape(taken)
            whole = rules.merge(whole, dims)
        elif argument.name in ("grad", "delta", "indices"):
            parts[argument.name] = taken._dims
        else:
            rules.with_rank(taken._dims, 0)
    indices, grad = parts["indices"], parts.get("grad", parts.get("delta"))
    if indices == ():
        whole = rules.merge(whole, grad)
    elif grad is not None and whole is not None:
        (rows,) = rules.with_rank(indices, 1)
        rules.merge(grad, (rows, *whole[1:]))
    return [whole] * len(op._outputs)


def _in_place(cell: Cell) -> Array:
    value = cell.value
    if value is None:
        raise missing(cell)
    cell.changes += 1
    return value


# The cell's own reference, the local name's, and that of the call.
_ITS_OWN = 3


def _unshared(cell: Cell) -> Array:
    """A variable's array; a new one if somebody still holds what was read.

    TF 1.15 copies a resource variable for a step in the same case.
    """
    value = cell.value
    if value is None:
        raise InternalError(None, None, "Invalid variable reference.")
    if sys.getrefcount(value) > _ITS_OWN:
        cell.value = value = value.copy()
    return value


def _dense(rule: Callable[..., None]) -> Callable[[Operation], Callable[..., Any]]:
    def build(op: Operation) -> Callable[..., Any]:
        arguments = op._definition.inputs
        held = sum(map(_is_held, arguments))
        names = [argument.name for argument in arguments]
        grad_at = names.index("delta" if "delta" in names else "grad")
        gives_ref = bool(op._outputs)
        to_change = _in_place if gives_ref else _unshared
        flags = {flag: op._attrs[flag] for flag in _FLAGS if flag in op._attrs}

        def kernel(*inputs: Any) -> Any:
            arrays = [to_change(cell) for cell in inputs[:held]]
            shape = arrays[0].shape
            for i, other in (*enumerate(arrays), (grad_at, inputs[grad_at])):
                if other.shape != shape:
                    _refuse(op, names[i], shape, other.shape)
            given = [  # numbers, which are faster than arrays of one
                value if place == grad_at else value[()]
                for place, value in enumerate(inputs[held:], held)
            ]
            if arrays[0].size <= _AT_ONCE or not all(
                array.flags.c_contiguous for array in arrays
            ):
                rule(*arrays, *given, **flags)
            else:
                whole = [*arrays, *given]
                for part in _parts(whole, {*range(held), grad_at}):
                    rule(*part, **flags)
            return inputs[0] if gives_ref else None

        return kernel

    return build


# So many elements of a variable, its slots and its gradient fit into a cache.
_AT_ONCE = 1 << 15


def _parts(inputs: list[Any], divided: set[int]) -> Iterator[list[Any]]:
    """The inputs of a rule in parts of the variable; settings are the same in each.

    A rule goes over its arrays ten times: in parts, they come from the memory once.
    """
    flat = [
        value.reshape(-1) if place in divided else value
        for place, value in enumerate(inputs)
    ]
    for start in range(0, flat[0].size, _AT_ONCE):
        end = start + _AT_ONCE
        yield [
            value[start:end] if place in divided else value
            for place, value in enumerate(flat)
        ]


def _refuse(op: Operation, name: str, shape: Any, other: Any) -> None:
    raise InvalidArgumentError(
        None,
        op,
        f"var and {name} do not have the same shape{dims_text(shape)} "
        f"{dims_text(other)}",
    )


def _out_of_range(index: Any, at: int) -> InvalidArgumentError:
    return InvalidArgumentError(
        None, None, f"Index {index} at offset {at} in indices is out of range"
    )


# TF 1.15: the others have changed some rows when they meet a bad index.
_CHECKED_FIRST = (_adagrad, _adagrad_v2, _adadelta, _rms_prop, _centered_rms_prop)


def _check_rows(shape: tuple[int, ...], indices: Array, gradient: Array) -> None:
    """InvalidArgumentError unless the gradient has rows of a variable, by indices."""
    problem = ""
    sizes = gradient.shape
    if indices.ndim != 1:
        problem = "indices must be one-dimensional"
    elif sizes[1:] != shape[1:]:
        pairs = zip_longest(shape[1:], sizes[1 : len(shape)])
        differing = [at for at, (one, other) in enumerate(pairs, 1) if one != other]
        if differing:
            problem = f"var and grad must match in dimension {differing[0]}"
    if not problem and sizes[:1] != indices.shape:
        problem = "grad must be the same size as indices in the first dimension."
    if problem:
        raise InvalidArgumentError(None, None, problem)


def _sparse(rule: Callable[..., None]) -> Callable[[Operation], Callable[..., Any]]:
    parameters = list(inspect.signature(rule).parameters)

    def build(op: Operation) -> Callable[..., Any]:
        arguments = op._definition.inputs
        held = sum(map(_is_held, arguments))
        names = [argument.name for argument in arguments]
        indices_at, gradient_at = names.index("indices"), names.index("grad")
        gives_ref = bool(op._outputs)
        to_change = _in_place if gives_ref else _unshared
        flags = {flag: op._attrs[flag] for flag in _FLAGS if flag in op._attrs}
        # A rule calls the gradient what its dense operation does.
        order = [
            names.index("grad" if name == "delta" else name)
            for name in parameters[held:]
            if name in (*names, "delta")
        ]

        def step(arrays: list[Array], indices: Array, given: list[Any]) -> None:
            rows = [array[indices] for array in arrays]
            rule(*rows, *[given[i] for i in order], **flags)
            for array, changed in zip(arrays, rows, strict=True):
                array[indices] = changed

        def kernel(*inputs: Any) -> Any:
            arrays = [to_change(cell) for cell in inputs[:held]]
            indices, given = inputs[indices_at], list(inputs)
            _check_rows(arrays[0].shape, indices, given[gradient_at])
            bad = bad_rows(indices, arrays[0].shape[0])
            if bad.any():
                at = int(np.argmax(bad))
                if rule not in _CHECKED_FIRST:
                    given[gradient_at] = given[gradient_at][:at]
                    step(arrays, indices[:at], given)
                raise _out_of_range(indices[at], at)
            step(arrays, indices, given)
            return inputs[0] if gives_ref else None

        return kernel

    return build


_DENSE: dict[str, Callable[..., None]] = {
    "GradientDescent": _gradient_descent,
    "ProximalGradientDescent": _proximal_gradient_descent,
    "Momentum": _momentum,
    "Adam": _adam,
    "AdaMax": _ada_max,
    "RMSProp": _rms_prop,
    "CenteredRMSProp": _centered_rms_prop,
    "Adagrad": _adagrad,
    "AdagradV2": _adagrad_v2,
    "ProximalAdagrad": _proximal_adagrad,
    "AdagradDA": _adagrad_da,
    "Adadelta": _adadelta,
    "Ftrl": _ftrl,
    "FtrlV2": _ftrl_v2,
    "AddSign": _add_sign,
    "PowerSign": _power_sign,
}
_ONLY_RESOURCE: dict[str, Callable[..., None]] = {
    "KerasMomentum": _keras_momentum,
    "AdamWithAmsgrad": _adam_with_amsgrad,
}
_NOT_SPARSE = frozenset(
    {"GradientDescent", "Adam", "AdaMax", "AddSign", "PowerSign", "AdamWithAmsgrad"}
)

for _name, _rule in {**_DENSE, **_ONLY_RESOURCE}.items():
    _kinds = ["Resource"] if _name in _ONLY_RESOURCE else ["", "Resource"]
    for _kind in _kinds:
        define(f"{_kind}Apply{_name}", shape=_shape, build=_dense(_rule))
        if _name not in _NOT_SPARSE:
            define(f"{_kind}SparseApply{_name}", shape=_shape, build=_sparse(_rule))
