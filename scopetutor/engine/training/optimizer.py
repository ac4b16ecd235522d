"""What all optimizers share: gradients of a loss, slots, and one update per variable.

After gradients and slots; before the optimizers, one file each. `minimize` is
`compute_gradients` and `apply_gradients`. TF 1.15's names are kept also for what a
subclass overrides (`_apply_dense`, `_create_slots`, …), since old code does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, dtypes, nest, surroundings
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.gradients import gradients
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops import array, control_flow, segment, sorting, state
from scopetutor.engine.ref_variables import RefVariable
from scopetutor.engine.resource_variables import (
    BaseResourceVariable,
    is_resource_variable,
    was_eager,
)
from scopetutor.engine.sparse import IndexedSlices, to_tensor_or_indexed_slices
from scopetutor.engine.surroundings import (
    colocate_with,
    control_dependencies,
    init_scope,
    name_scope,
)
from scopetutor.engine.variable_lists import trainable_variables
from scopetutor.engine.variables import Variable

from . import slot_creator
from .trackable import attribute_was_set, slot_was_made

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


# TF 1.15 has a set of them here; this is the order in which it lists it.
_FLOATS = (dtypes.float32, dtypes.float64, dtypes.float16, dtypes.bfloat16)


class Optimizer:
    """Changes variables so that a loss gets smaller.

    A subclass says how one variable is changed: `_apply_dense` and `_apply_sparse` for
    ref variables, `_resource_apply_dense` and `_resource_apply_sparse` for resource
    variables.
    """

    GATE_NONE = 0
    GATE_OP = 1
    GATE_GRAPH = 2

    def __init__(self, use_locking: bool, name: str) -> None:
        if not name:
            raise ValueError("Must specify the optimizer name")
        self._use_locking = use_locking
        self._name = name
        self._slots: dict[str, dict[Any, Any]] = {}
        self._non_slot_dict: dict[Any, Any] = {}

    def get_name(self) -> str:
        """The name that the optimizer was given."""
        return self._name

    # -- minimizing --------------------------------------------------------------------

    def minimize(
        self,
        loss: Any,
        global_step: Any = None,
        var_list: Any = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: Any = None,
        colocate_gradients_with_ops: bool = False,
        name: str | None = None,
        grad_loss: Any = None,
    ) -> Any:
        """An operation that makes a loss smaller by changing variables.

        Args:
            loss: what is to become smaller.
            global_step: a variable that is counted up with each run.
            var_list: the variables; None: all trainable ones.
            gate_gradients: GATE_NONE, GATE_OP or GATE_GRAPH: for what gradients wait
                before they are used.
            aggregation_method: how gradients of one variable are added up.
            colocate_gradients_with_ops: whether gradients are placed with the
                operations they belong to.
            name: of the operation; None: the optimizer's.
            grad_loss: the gradient of the loss; None: ones.

        Raises:
            ValueError: the loss depends on none of the variables.
        """
        grads_and_vars = self.compute_gradients(
            loss,
            var_list=var_list,
            gate_gradients=gate_gradients,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
            grad_loss=grad_loss,
        )
        if all(grad is None for grad, _ in grads_and_vars):
            raise ValueError(
                "No gradients provided for any variable, check your graph for ops that "
                f"do not support gradients, between variables {_texts(grads_and_vars)} "
                f"and loss {loss}."
            )
        return self.apply_gradients(grads_and_vars, global_step=global_step, name=name)

    def compute_gradients(
        self,
        loss: Any,
        var_list: Any = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: Any = None,
        colocate_gradients_with_ops: bool = False,
        grad_loss: Any = None,
    ) -> list[tuple[Any, Any]]:
        """The gradients of a loss: pairs of gradient (or None) and variable.

        Raises:
            ValueError: an argument does not fit, or there are no variables.
            RuntimeError: in eager mode the loss is not a function.
        """
        if callable(loss):
            return self._gradients_of_function(loss, var_list, grad_loss)
        if defaults.state.eager:
            raise RuntimeError(
                "`loss` passed to Optimizer.compute_gradients should be a function "
                "when eager execution is enabled."
            )
        if gate_gradients not in (self.GATE_NONE, self.GATE_OP, self.GATE_GRAPH):
            raise ValueError(
                "gate_gradients must be one of: Optimizer.GATE_NONE, "
                f"Optimizer.GATE_OP, Optimizer.GATE_GRAPH.  Not {gate_gradients}"
            )
        self._assert_valid_dtypes([loss])
        if grad_loss is not None:
            self._assert_valid_dtypes([grad_loss])
        graph = defaults.get_default_graph()
        if var_list is None:
            var_list = trainable_variables() + graph.get_collection(
                GraphKeys.TRAINABLE_RESOURCE_VARIABLES
            )
        else:
            var_list = nest.flatten(var_list)
        targets = [_target(variable) for variable in var_list]
        if not var_list:
            raise ValueError("No variables to optimize.")
        grads = gradients(
            loss,
            targets,
            grad_ys=grad_loss,
            gate_gradients=gate_gradients == self.GATE_OP,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
        )
        if gate_gradients == self.GATE_GRAPH:
            grads = control_flow.tuple_(grads)
        grads_and_vars = list(zip(grads, var_list, strict=True))
        self._assert_valid_dtypes([v for g, v in grads_and_vars if g is not None])
        return grads_and_vars

    def _gradients_of_function(
        self, loss: Any, var_list: Any, grad_loss: Any
    ) -> list[tuple[Any, Any]]:
        """TF 1.15: in eager mode a loss is a function, recorded by a tape."""
        from scopetutor.engine.gradient_tape import (  # noqa: PLC0415 - eager is rare
            GradientTape,
        )

        with GradientTape() as tape:
            if var_list is not None:
                tape.watch(var_list)
            value = loss()
        if var_list is None:
            var_list = tape.watched_variables()
        with control_dependencies([value]):
            grads = tape.gradient(value, var_list, grad_loss)
        return list(zip(grads, var_list, strict=True))

    def apply_gradients(
        self,
        grads_and_vars: Iterable[tuple[Any, Any]],
        global_step: Any = None,
        name: str | None = None,
    ) -> Any:
        """An operation that changes variables by their gradients.

        Args:
            grads_and_vars: pairs as `compute_gradients` gives them.
            global_step: a variable that is counted up with each run.
            name: of the operation; None: the optimizer's.

        Raises:
            TypeError: a gradient is none.
            ValueError: there are no variables, or none has a gradient.
        """
        given = tuple(grads_and_vars)
        if not given:
            raise ValueError("No variables provided.")
        pairs = []
        for grad, variable in given:
            pairs.append((_as_gradient(grad), variable))
            if not was_eager(variable):
                _target(variable)  # TF 1.15: refuses here what it cannot change
        changed = [v for grad, v in pairs if grad is not None]
        if not changed:
            raise ValueError(
                f"No gradients provided for any variable: {_texts(pairs)}."
            )
        with init_scope():
            self._create_slots(changed)
        with name_scope(name, self._name) as scope:
            self._prepare()
            updates = [
                self._update(grad, variable)
                for grad, variable in pairs
                if grad is not None
            ]
            done = self._finish_and_count(updates, global_step, scope)
            if not defaults.state.eager:
                done = done.op if isinstance(done, Tensor) else done
                train_ops = defaults.get_default_graph().get_collection_ref(
                    GraphKeys.TRAIN_OP
                )
                if done not in train_ops:
                    train_ops.append(done)
            return done

    def _finish_and_count(self, updates: list[Any], step: Any, scope: str) -> Any:
        if step is None:
            return self._finish(updates, scope)
        with (
            control_dependencies([self._finish(updates, "update")]),
            colocate_with(step),
        ):
            if isinstance(step, BaseResourceVariable):
                one = convert_to_tensor(1, dtype=step.dtype)
                return apply("AssignAddVariableOp", step.handle, one, name=scope)
            return state.assign_add(step, 1, name=scope)

    def _update(self, grad: Any, variable: Any) -> Any:
        name = "" if was_eager(variable) else variable.op.name
        with name_scope(f"update_{name}"), colocate_with(variable):
            if not isinstance(variable, Variable):
                raise NotImplementedError("Trying to update a Tensor ", variable)
            sparse = isinstance(grad, IndexedSlices)
            if sparse and variable.constraint is not None:
                raise RuntimeError(
                    "Cannot use a constraint function on a sparse variable."
                )
            if is_resource_variable(variable):
                if sparse:
                    return self._resource_apply_sparse_duplicate_indices(
                        grad.values, variable, grad.indices
                    )
                done = self._resource_apply_dense(grad, variable)
            else:
                if sparse:
                    return self._apply_sparse_duplicate_indices(grad, variable)
                done = self._apply_dense(grad, variable)
            if variable.constraint is None:
                return done
            with control_dependencies([done]):
                return variable.assign(variable.constraint(variable))

    # -- slots -------------------------------------------------------------------------

    def _checkpoint_dependencies(self) -> list[tuple[str, Any]]:
        """The variables that belong to no other, by name."""
        found = sorted(self._non_slot_dict.items(), key=lambda item: item[0][0])
        graph = None if defaults.state.eager else defaults.get_default_graph()
        return [(key[0], variable) for key, variable in found if key[1] is graph]

    def get_slot(self, var: Any, name: str) -> Any:
        """A slot of a variable; None if there is none of that name.

        Args:
            var: the variable.
            name: one of `get_slot_names`, such as "momentum"; not the name in the
                graph, which is the optimizer's.
        """
        slots = self._slots.get(name)
        return slots.get(_key(var)) if slots else None

    def get_slot_names(self) -> list[str]:
        """The names of the slots that there are, sorted."""
        return sorted(self._slots)

    def variables(self) -> list[Any]:
        """The optimizer's own variables in the default graph, sorted by name."""
        graph = defaults.get_default_graph()
        own = [
            *self._non_slot_variables(),
            *[slot for named in self._slots.values() for slot in named.values()],
        ]
        if not defaults.state.eager:
            own = [variable for variable in own if variable.op.graph is graph]
        return sorted(own, key=lambda variable: str(variable.name))

    def _slot_dict(self, slot_name: str) -> dict[Any, Any]:
        return self._slots.setdefault(slot_name, {})

    def _get_or_make_slot(
        self, var: Any, val: Any, slot_name: str, op_name: str
    ) -> Any:
        slots, key = self._slot_dict(slot_name), _key(var)
        if key not in slots:
            slots[key] = slot_creator.create_slot(var, val, op_name)
            slot_was_made(self)
        return slots[key]

    def _get_or_make_slot_with_initializer(
        self,
        var: Any,
        initializer: Any,
        shape: Any,
        dtype: Any,
        slot_name: str,
        op_name: str,
    ) -> Any:
        slots, key = self._slot_dict(slot_name), _key(var)
        if key not in slots:
            slots[key] = slot_creator.create_slot_with_initializer(
                var, initializer, shape, dtype, op_name
            )
            slot_was_made(self)
        return slots[key]

    def _zeros_slot(self, var: Any, slot_name: str, op_name: str) -> Any:
        slots, key = self._slot_dict(slot_name), _key(var)
        if key not in slots:
            slots[key] = slot_creator.create_zeros_slot(var, op_name)
            slot_was_made(self)
        return slots[key]

    def _create_non_slot_variable(
        self, initial_value: Any, name: str, colocate_with: Any
    ) -> Any:
        """A variable of the optimizer that belongs to no other variable."""
        key = (name, None if defaults.state.eager else colocate_with.graph)
        found = self._non_slot_dict.get(key)
        if found is None:
            make: Any = Variable  # or what its creators make instead
            with surroundings.colocate_with(colocate_with):
                found = self._non_slot_dict[key] = make(
                    initial_value,
                    name=name,
                    trainable=False,
                    use_resource=is_resource_variable(colocate_with),
                )
            attribute_was_set(self, name, found)
        return found

    def _get_non_slot_variable(self, name: str, graph: Any = None) -> Any:
        return self._non_slot_dict.get((name, graph))

    def _non_slot_variables(self) -> Iterable[Any]:
        return self._non_slot_dict.values()

    # -- what a subclass says ----------------------------------------------------------

    def _valid_dtypes(self) -> Any:
        return set(_FLOATS)

    def _assert_valid_dtypes(self, tensors: Sequence[Any]) -> None:
        valid = self._valid_dtypes()
        for tensor in tensors:
            dtype = tensor.dtype.base_dtype
            if dtype not in valid:
                listed = [kind for kind in _FLOATS if kind in valid]
                listed += [kind for kind in valid if kind not in listed]
                raise ValueError(
                    f"Invalid type {dtype!r} for {tensor.name}, expected: {listed}."
                )

    def _create_slots(self, var_list: list[Any]) -> None:
        """Makes the slots of the variables that are not there."""

    def _prepare(self) -> None:
        """Makes tensors of the settings, in the scope of the step."""

    def _finish(self, update_ops: list[Any], name_scope: str) -> Any:
        return control_flow.group(*update_ops, name=name_scope)

    def _apply_dense(self, grad: Any, var: Any) -> Any:
        raise NotImplementedError

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        raise NotImplementedError

    def _resource_apply_dense(self, grad: Any, handle: Any) -> Any:
        raise NotImplementedError

    def _resource_apply_sparse(self, grad: Any, handle: Any, indices: Any) -> Any:
        raise NotImplementedError

    def _apply_sparse_duplicate_indices(self, grad: Any, var: Any) -> Any:
        """TF 1.15: rows of one index are added up first."""
        values, indices = _deduplicated(grad.values, grad.indices)
        return self._apply_sparse(IndexedSlices(values, indices, grad.dense_shape), var)

    def _resource_apply_sparse_duplicate_indices(
        self, grad: Any, handle: Any, indices: Any
    ) -> Any:
        values, unique = _deduplicated(grad, indices)
        return self._resource_apply_sparse(values, handle, unique)

    def _call_if_callable(self, param: Any) -> Any:
        return param() if callable(param) else param


def _texts(grads_and_vars: Iterable[tuple[Any, Any]]) -> list[str]:
    return [str(variable) for _, variable in grads_and_vars]


def _key(variable: Any) -> Any:
    """What a slot is found by."""
    if was_eager(variable):
        return id(variable)
    return variable.op.graph, variable.op.name


def _target(variable: Any) -> Any:
    """What a gradient is taken with respect to.

    Raises:
        NotImplementedError: it is neither a variable nor a tensor.
    """
    if variable.op.type != "VarHandleOp" and isinstance(variable, RefVariable):
        return variable._ref()
    if isinstance(variable, (Variable, Tensor)):
        return variable
    raise NotImplementedError("Trying to optimize unsupported type ", variable)


def _as_gradient(grad: Any) -> Any:
    if grad is None:
        return None
    try:
        return to_tensor_or_indexed_slices(grad)
    except TypeError:
        raise TypeError(
            "Gradient must be convertible to a Tensor or IndexedSlices, or None: "
            f"{grad}"
        ) from None


def _deduplicated(values: Any, indices: Any) -> tuple[Any, Any]:
    """Rows of one index added up, and each index once."""
    unique, places = sorting.unique(indices)
    count = array.shape(unique)[0]
    return segment.unsorted_segment_sum(values, places, count), unique
