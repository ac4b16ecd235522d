"""Adding an operation to the graph from Python values: types, attributes, names.

After convert; everything that makes operations comes through `apply`. TF 1.15 converts
the inputs one by one inside a name scope of the operation's own name, and lets the
first input decide the type of the others; the messages are its own.
"""

from __future__ import annotations

import numbers
from collections import namedtuple
from typing import TYPE_CHECKING, Any

import numpy as np

from . import constants, defaults, dtypes, registry, shapes
from .convert import convert_n_to_tensor, convert_to_tensor
from .doubles import itself
from .dtypes import DType, runtime_name
from .graph import Graph, graph_from_inputs
from .operation import Operation, Tensor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .registry import Definition
    from .signatures import Argument, Attribute

_ARGUMENTS = {"squeeze_dims": "axis"}
"""TF 1.15: arguments that are not called as the attributes they give."""
_LONGEST = 2**63 - 1  # what a size in a file can be
_definitions = registry._definitions
_state = defaults.state


def apply(op_type: str, *inputs: Any, name: str | None = None, **attrs: Any) -> Any:
    """Adds an operation, or in eager mode computes it at once.

    Args:
        op_type: such as "MatMul".
        inputs: one value for each of its inputs; a list where it takes a list.
        name: None for the type's own name.
        attrs: the attributes that differ from their defaults; what the inputs
            determine is not given.

    Returns:
        The output tensor, a list or named tuple of several, or the Operation if it
        has no outputs.

    Raises:
        TypeError: an input or attribute is of the wrong type.
        ValueError: a shape, a name or a list does not fit.
    """
    definition = _definitions.get(op_type) or registry.lookup(op_type)
    if _state.eager:
        from . import eager  # noqa: PLC0415 - eager mode is rare

        return eager.apply(definition, inputs, attrs, name)
    return result_of(add(definition, inputs, attrs, name))


def add(
    definition: Definition, inputs: tuple[Any, ...], attrs: dict[str, Any], name: Any
) -> Operation:
    """Adds an operation to the graph of its inputs."""
    graph = defaults.get_default_graph()
    if _are_tensors_of(graph, inputs):
        return _add_to(graph, definition, inputs, attrs, name)
    found: Graph = graph_from_inputs(_flat(inputs))
    if found is graph:
        return _settled(graph, _add_to(graph, definition, inputs, attrs, name))
    with found.as_default():
        return _settled(found, _add_to(found, definition, inputs, attrs, name))


def _are_tensors_of(graph: Graph, inputs: tuple[Any, ...]) -> bool:
    for value in inputs:
        if type(value) is not Tensor or value._op._graph is not graph:
            return False
    return True


def _flat(inputs: tuple[Any, ...]) -> list[Any]:
    flat: list[Any] = []
    for item in inputs:
        flat.extend(item if isinstance(item, (list, tuple)) else (item,))
    return flat


def _settled(graph: Graph, op: Operation) -> Operation:
    """A new operation that may take tensors of another graph.

    TF 1.15: it does not see the graph of all values. The operation is made, and then
    looks for its inputs in its own graph by their names.

    Raises:
        KeyError: there is none of this name.
    """
    strangers = [taken for taken in op._inputs if taken._op._graph is not graph]
    if strangers:
        graph.keep_misplaced(op)
    for stranger in strangers:
        graph.namesake(stranger)
    return op


def _add_to(
    graph: Graph,
    definition: Definition,
    inputs: tuple[Any, ...],
    attrs: dict[str, Any],
    name: Any,
) -> Operation:
    key, found = _recall(definition, inputs, attrs)
    if definition.lists:
        check_lists(definition, inputs)
    chosen = None if found else _checked_attributes(definition, attrs)
    here = graph._thread.__dict__  # this thread's, found once
    outer = here["name_stack"]
    scope = graph.open_name(outer, definition.name if name is None else name)
    here["name_stack"] = scope
    try:
        if found:
            tensors, (all_attrs, types, refs) = inputs, found
        else:
            tensors, all_attrs = _convert_inputs(definition, inputs, chosen or {})
            types = output_types(definition, all_attrs)
            refs = _ref_inputs(definition, tensors)
            if key is not None:
                definition.resolved[key] = all_attrs, types, refs
        colocate = [tensors[i]._op for i in refs] if refs else ()
        full = "" if scope is None else f"{scope}/"
        return graph.add(definition, tensors, all_attrs, types, full, colocate)
    finally:
        here["name_stack"] = outer


def _recall(
    definition: Definition, inputs: tuple[Any, ...], attrs: dict[str, Any]
) -> tuple[Any, Any]:
    """The key of this combination of types and attributes, and what is known of it.

    The key is None where an input still has to be converted.
    """
    types = []
    for value in inputs:
        if type(value) is not Tensor:
            return None, None
        types.append(value._dtype)
    key: tuple[Any, ...] = tuple(types)
    if attrs:
        key += tuple([(k, v.__class__, v) for k, v in attrs.items()])
    try:
        return key, definition.resolved.get(key)
    except TypeError:  # a list among the attributes
        return None, None


def result_of(op: Operation) -> Any:
    """An operation's outputs in the form Python code wants them."""
    arguments = op._definition.outputs
    if len(arguments) == 1 and not arguments[0].is_list:
        return op._outputs[0]
    if not arguments:
        return op
    return restructure(op._definition, op._attrs, op._outputs) or op


def restructure(
    definition: Definition, attrs: dict[str, Any], outputs: Sequence[Any]
) -> Any:
    """Groups outputs as the operation's signature does."""
    groups: list[Any] = []
    at = 0
    for argument in definition.outputs:
        if argument.number_attr:
            count = attrs[argument.number_attr]
        elif argument.type_list_attr:
            count = len(attrs[argument.type_list_attr])
        else:
            groups.append(outputs[at])
            at += 1
            continue
        groups.append(list(outputs[at : at + count]))
        at += count
    if len(groups) == 1:
        return groups[0]
    return _tuple_class(definition)(*groups)


_tuple_classes: dict[str, Any] = {}


def _tuple_class(definition: Definition) -> Any:
    found = _tuple_classes.get(definition.name)
    if found is None:
        names = [argument.name for argument in definition.outputs]
        found = namedtuple(definition.name, names)  # type: ignore[misc, no-redef]
        _tuple_classes[definition.name] = found
    return found


def output_types(definition: Definition, attrs: dict[str, Any]) -> tuple[DType, ...]:
    """The types of an operation's outputs."""
    found: list[DType] = []
    for argument in definition.outputs:
        if argument.type_list_attr:
            found.extend(attrs[argument.type_list_attr])
            continue
        dtype = argument.dtype or attrs[argument.type_attr]
        if argument.is_ref:
            dtype = dtype._as_ref
        count = attrs[argument.number_attr] if argument.number_attr else 1
        found.extend([dtype] * count)
    return tuple(found)


def check_references(
    definition: Definition, tensors: Sequence[Tensor], name: str
) -> None:
    """ValueError if an operation that changes an input is given a plain value."""
    for argument, tensor in zip(definition.inputs, tensors, strict=False):
        if argument.is_ref and not tensor._dtype._is_ref_dtype:
            from . import signatures  # noqa: PLC0415 - only errors need it

            raise ValueError(
                f"Input '{argument.name}' passed {runtime_name(tensor._dtype)} "
                "expected ref type while building NodeDef "
                f"'{name.removesuffix('/')}' using {signatures.summary(definition)}"
            )


def _ref_inputs(definition: Definition, tensors: tuple[Tensor, ...]) -> tuple[int, ...]:
    """Which inputs are changed in place; the operation is placed with them."""
    return tuple(
        i
        for i, (argument, _) in enumerate(zip(definition.inputs, tensors, strict=False))
        if argument.is_ref
    )


# -- inputs ------------------------------------------------------------------------


class _Inputs:
    """The inputs of one operation while they are converted."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.tensors: list[Tensor] = []
        self.attrs: dict[str, Any] = {}  # those that the inputs determine
        self.inferred_from: dict[str, str] = {}
        self.default_types = {
            name: attribute.default
            for name, attribute in definition.attributes.items()
            if attribute.kind == "type" and attribute.has_default
        }

    def add(self, argument: Argument, value: Any) -> None:
        """Converts the value of one input."""
        if argument.is_list:
            tensors = [itself(t) for t in self._convert_list(argument, value)]
        else:
            tensors = [itself(self._convert_one(argument, value))]
        types = [tensor._dtype.base_dtype for tensor in tensors]
        if argument.number_attr:
            self._infer_number(argument, tensors, types)
        elif argument.type_attr:
            self._infer_type(argument, types[0])
        elif argument.type_list_attr:
            self._infer_type_list(argument, types)
        if argument.is_ref and not all(t._dtype._is_ref_dtype for t in tensors):
            raise TypeError(
                f"'{self.definition.name}' Op requires that input '{argument.name}' be "
                "a mutable tensor (e.g.: a tf.Variable)"
            )
        self.tensors.extend(tensors)

    def _convert_one(self, argument: Argument, value: Any) -> Tensor:
        dtype = argument.dtype or self.attrs.get(argument.type_attr)
        preferred = None if dtype else self.default_types.get(argument.type_attr)
        try:
            tensor: Tensor = convert_to_tensor(
                value, dtype, argument.name, preferred, as_ref=argument.is_ref
            )
        except TypeError as error:
            if dtype is None:
                raise
            raise TypeError(
                f"Expected {dtype.name} passed to parameter '{argument.name}' of op "
                f"'{self.definition.name}', got {value!r} of type "
                f"'{type(value).__name__}' instead. Error: {error}"
            ) from None
        except ValueError:
            self._refuse(argument, value)
            raise AssertionError from None
        return tensor

    def _refuse(self, argument: Argument, value: Any) -> None:
        """Raises what TF 1.15 says of a value that cannot be of the wanted type."""
        try:
            tensor = convert_to_tensor(value, as_ref=argument.is_ref)
        except ValueError as error:
            raise ValueError(
                f"Tried to convert '{argument.name}' to a tensor and failed. Error: "
                f"{error}"
            ) from None
        prefix = (
            f"Input '{argument.name}' of '{self.definition.name}' Op has type "
            f"{tensor.dtype.name} that does not match"
        )
        if argument.dtype:
            raise TypeError(
                f"{prefix} expected type of {argument.dtype.name}."
            ) from None
        attr = argument.type_attr
        if attr in self.default_types and attr not in self.attrs:
            self.attrs[attr] = self.default_types[attr]
            self.inferred_from.setdefault(attr, "Default in OpDef")
        raise TypeError(
            f"{prefix} type {self.attrs[attr].name} of argument "
            f"'{self.inferred_from[attr]}'."
        ) from None

    def _convert_list(self, argument: Argument, values: Any) -> list[Tensor]:
        if not isinstance(values, (list, tuple)):
            raise TypeError(
                f"Expected list for '{argument.name}' argument to "
                f"'{self.definition.name}' Op, not {values}."
            )
        dtype = argument.dtype or self.attrs.get(argument.type_attr)
        if dtype is None and argument.number_attr:
            dtype = next((v.dtype for v in values if isinstance(v, Tensor)), None)
        preferred = None if dtype else self.default_types.get(argument.type_attr)
        if dtype and not argument.is_ref:
            dtype = dtype.base_dtype
        try:
            tensors = values = convert_n_to_tensor(
                values, dtype, argument.name, preferred, as_ref=argument.is_ref
            )
            if argument.number_attr and len({t.dtype.base_dtype for t in tensors}) > 1:
                raise TypeError
        except (TypeError, ValueError):
            self._refuse_list(argument, values, dtype)
        return tensors

    def _refuse_list(
        self, argument: Argument, values: Any, dtype: DType | None
    ) -> None:
        observed = ", ".join(_observed_type(value, argument.is_ref) for value in values)
        prefix = (
            f"Tensors in list passed to '{argument.name}' of '{self.definition.name}' "
            f"Op have types [{observed}]"
        )
        if not argument.number_attr:
            problem = f"{prefix} that are invalid. Tensors: {values}"
        elif argument.dtype:
            problem = f"{prefix} that do not match expected type {argument.dtype.name}."
        elif argument.type_attr in self.attrs and dtype is not None:
            problem = (
                f"{prefix} that do not match type {dtype.name} inferred from earlier "
                "arguments."
            )
        else:
            problem = f"{prefix} that don't all match."
        raise TypeError(problem) from None

    def _infer_number(
        self, argument: Argument, tensors: list[Tensor], types: list[DType]
    ) -> None:
        attr, name = argument.number_attr, self.definition.name
        if attr not in self.attrs:
            self.attrs[attr] = len(tensors)
            self.inferred_from[attr] = argument.name
            minimum = self.definition.attributes[attr].minimum
            if minimum is not None and len(tensors) < minimum:
                raise ValueError(
                    f"List argument '{argument.name}' to '{name}' Op with length "
                    f"{len(tensors)} shorter than minimum length {minimum}."
                )
        if argument.dtype or argument.type_attr in self.attrs:
            return
        if not types:
            raise TypeError(
                "Don't know how to infer type variable from empty input list passed to "
                f"input '{argument.name}' of '{name}' Op."
            )
        self._infer_type(argument, types[0])

    def _infer_type(self, argument: Argument, dtype: DType) -> None:
        attr = argument.type_attr
        known = self.attrs.get(attr)
        if known is None:
            check_allowed(self.definition.attributes[attr], dtype, argument.name)
            self.attrs[attr] = dtype
            self.inferred_from[attr] = argument.name
        elif known is not dtype:
            raise TypeError(
                f"Input '{argument.name}' of '{self.definition.name}' Op has type "
                f"{dtype.name} that does not match type {known.name} of argument "
                f"'{self.inferred_from[attr]}'."
            )

    def _infer_type_list(self, argument: Argument, types: list[DType]) -> None:
        attr = argument.type_list_attr
        known = self.attrs.get(attr)
        if known is None:
            _check_length(self.definition, self.definition.attributes[attr], types)
            for dtype in types:
                check_allowed(self.definition.attributes[attr], dtype, argument.name)
            self.attrs[attr] = types
            self.inferred_from[attr] = argument.name
        elif known != types:
            raise TypeError(
                f"Input '{argument.name}' of '{self.definition.name}' Op has type list "
                f"of {', '.join(t.name for t in types)} that does not match type list "
                f"{', '.join(t.name for t in known)} of argument "
                f"'{self.inferred_from[attr]}'."
            )


def _observed_type(value: Any, is_ref: bool) -> str:
    try:
        tensor = convert_to_tensor(value, as_ref=is_ref)
    except (TypeError, ValueError):
        return "<NOT CONVERTIBLE TO TENSOR>"
    name: str = tensor.dtype.base_dtype.name
    return name


def check_lists(definition: Definition, inputs: tuple[Any, ...]) -> None:
    """Raises unless lists are given for lists, and those of one length together.

    TF 1.15: the operation's Python function looks at that before anything is made.
    """
    lengths: dict[str, tuple[str, int]] = {}
    for place, argument in definition.lists:
        values, name = inputs[place], argument.name
        if not isinstance(values, (list, tuple)):
            raise TypeError(
                f"Expected list for '{name}' argument to "
                f"'{python_name(definition.name)}' Op, not {values!r}."
            )
        count = len(values)
        first, wanted = lengths.setdefault(argument.number_attr, (name, count))
        if count != wanted:
            raise ValueError(
                f"List argument '{name}' to '{python_name(definition.name)}' Op with "
                f"length {count} must match length {wanted} of argument '{first}'."
            )


def _convert_inputs(
    definition: Definition, inputs: tuple[Any, ...], chosen: dict[str, Any]
) -> tuple[tuple[Tensor, ...], dict[str, Any]]:
    """The tensors for the inputs, and all attributes in the order of the signature."""
    version = defaults.get_default_graph()._producer_version
    if definition.removed and definition.removed <= version:
        raise NotImplementedError(
            f"Op {definition.name} is not available in GraphDef version {version}. It "
            f"has been removed in version {definition.removed}. "
            f"{definition.removed_because}."
        )
    converted = _Inputs(definition)
    for argument, value in zip(definition.inputs, inputs, strict=True):
        converted.add(argument, value)
    check_values(definition, chosen)
    known = {**chosen, **converted.attrs}
    return tuple(converted.tensors), {
        name: known[name] for name in definition.attributes
    }


# -- attributes --------------------------------------------------------------------


def check_allowed(attribute: Attribute, dtype: DType, parameter: str) -> None:
    """TypeError if an attribute may not have this type."""
    allowed = attribute.allowed
    if allowed is not None and dtype not in allowed:
        names = ", ".join(choice.name for choice in allowed)
        raise TypeError(
            f"Value passed to parameter '{parameter}' has DataType {dtype.name} not in "
            f"list of allowed values: {names}"
        )


def _checked_attributes(
    definition: Definition, attrs: dict[str, Any]
) -> dict[str, Any]:
    """The attributes that the inputs do not determine, completed.

    TF 1.15: whether an operation allows their values is asked after its inputs were
    made (`check_values`).
    """
    chosen = {}
    for name, attribute in definition.attributes.items():
        if name in definition.inferred:
            continue
        value = attrs.get(name)
        if value is None and attribute.has_default:
            value = attribute.default
        elif name not in attrs:
            raise TypeError(f"No argument for attr {name}")
        else:
            value = _checked(definition, attribute, value)
        chosen[name] = value
    if len(attrs) > len(chosen):
        unknown = sorted(set(attrs) - set(chosen))
        if unknown:
            raise TypeError(
                "apply_op() got unexpected keyword arguments: " + ", ".join(unknown)
            )
    return chosen


def _checked(definition: Definition, attribute: Attribute, value: Any) -> Any:
    """An attribute's value as the engine keeps it."""
    kind = attribute.kind
    if not kind.startswith("list("):
        return _MAKERS[kind](value, attribute)
    if not isinstance(value, (list, tuple)):
        name = _ARGUMENTS.get(attribute.name, attribute.name)
        raise TypeError(
            f"Expected list for '{name}' argument to "
            f"'{python_name(definition.name)}' Op, not {value!r}."
        )
    make = _MAKERS[kind[5:-1]]
    return [make(item, attribute) for item in value]


def check_values(definition: Definition, chosen: dict[str, Any]) -> None:
    """Raises unless an operation allows these values of its attributes."""
    for name, value in chosen.items():
        attribute = definition.attributes[name]
        if value is attribute.default:
            continue
        if not attribute.kind.startswith("list("):
            _check_value(definition, attribute, value)
            continue
        _check_length(definition, attribute, value)
        if attribute.kind == "list(type)":
            for item in value:
                check_allowed(attribute, item, name)
        elif attribute.kind == "list(shape)":
            for item in value:
                _check_sizes(attribute, item)


def _check_length(
    definition: Definition, attribute: Attribute, value: Sequence[Any]
) -> None:
    """ValueError if a list is shorter than an operation takes."""
    if attribute.minimum is not None and len(value) < attribute.minimum:
        raise ValueError(
            f"Attr '{attribute.name}' of '{definition.name}' Op passed list of length "
            f"{len(value)} less than minimum {attribute.minimum}."
        )


def _check_sizes(attribute: Attribute, dims: shapes.Dims) -> None:
    """ValueError if a size is too large for a file."""
    for size in dims or ():
        if size is not None and size > _LONGEST:
            raise ValueError(
                f"Error converting {attribute.name} to a TensorShape: Value out of "
                f"range: {size}"
            )


def _check_value(definition: Definition, attribute: Attribute, value: Any) -> None:
    if attribute.kind == "type":
        check_allowed(attribute, value, attribute.name)
    elif attribute.kind == "shape":
        _check_sizes(attribute, value)
    elif attribute.kind == "string" and attribute.allowed is not None:
        if value not in attribute.allowed:
            choices = '", "'.join(attribute.allowed)
            raise ValueError(
                f"Attr '{attribute.name}' of '{definition.name}' Op passed string "
                f"'{value}' not in: \"{choices}\"."
            )
    elif (
        attribute.kind == "int"
        and attribute.minimum is not None
        and value < attribute.minimum
    ):
        raise ValueError(
            f"Attr '{attribute.name}' of '{definition.name}' Op passed {value} less "
            f"than minimum {attribute.minimum}."
        )


def python_name(op_type: str) -> str:
    """The name of an operation's Python function: "MatMul" -> "mat_mul"."""
    letters = []
    for i, letter in enumerate(op_type):
        follows_lower = i and not op_type[i - 1].isupper()
        starts_word = i and i + 1 < len(op_type) and op_type[i + 1].islower()
        if letter.isupper() and (follows_lower or starts_word):
            letters.append("_")
        letters.append(letter.lower())
    return "".join(letters)


def _refuse_attribute(kind: str, value: Any, attribute: Attribute) -> TypeError:
    name = _ARGUMENTS.get(attribute.name, attribute.name)
    return TypeError(f"Expected {kind} for argument '{name}' not {value!r}.")


def _make_float(value: Any, attribute: Attribute) -> float:
    if not isinstance(value, (numbers.Real, np.integer, np.floating)):
        raise _refuse_attribute("float", value, attribute)
    return float(value)


def _make_int(value: Any, attribute: Attribute) -> int:
    if isinstance(value, str):
        raise _refuse_attribute("int", value, attribute)
    try:
        return int(value)
    except (ValueError, TypeError):
        raise _refuse_attribute("int", value, attribute) from None


def _make_text(value: Any, attribute: Attribute) -> str:
    if not isinstance(value, (str, bytes)):
        raise _refuse_attribute("string", value, attribute)
    return (
        value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value
    )


def _make_bool(value: Any, attribute: Attribute) -> bool:
    if not isinstance(value, bool):
        raise _refuse_attribute("bool", value, attribute)
    return value


def _make_type(value: Any, attribute: Attribute) -> DType:
    try:
        return dtypes.as_dtype(value).base_dtype
    except TypeError:
        raise _refuse_attribute("DataType", value, attribute) from None


def _make_shape(value: Any, attribute: Attribute) -> shapes.Dims:
    try:
        return shapes.as_dims(value)
    except (TypeError, ValueError) as error:
        raise type(error)(
            f"Error converting {attribute.name} to a TensorShape: {error}."
        ) from None


def _make_tensor(value: Any, attribute: Attribute) -> constants.Literal:
    if isinstance(value, constants.Literal):
        return value
    raise TypeError(
        f"Don't know how to convert {value!r} to a TensorProto for argument "
        f"{attribute.name}"
    )


def _make_function(value: Any, attribute: Attribute) -> str:
    return _make_text(getattr(value, "name", value), attribute)


_MAKERS = {
    "float": _make_float,
    "int": _make_int,
    "string": _make_text,
    "bool": _make_bool,
    "type": _make_type,
    "shape": _make_shape,
    "tensor": _make_tensor,
    "func": _make_function,
}


def attributes_from_messages(
    definition: Definition, attrs: dict[str, Any], inputs: Sequence[Tensor]
) -> dict[str, Any]:
    """All attributes of an operation made by `Graph.create_op`.

    Args:
        definition: of its type.
        attrs: AttrValue messages or plain values, by name.
        inputs: its tensors, which determine the rest.
    """
    from . import graph_def  # noqa: PLC0415 - rarely wanted, slow to import

    given = {
        name: graph_def.plain_value(value, definition.attributes.get(name))
        for name, value in attrs.items()
    }
    inferred = dict(given)
    at = 0
    for argument in definition.inputs:
        count = inferred.get(argument.number_attr, 1) if argument.number_attr else 1
        if argument.type_list_attr:
            count = len(inferred.get(argument.type_list_attr, inputs[at:]))
            types = [t._dtype.base_dtype for t in inputs[at : at + count]]
            inferred.setdefault(argument.type_list_attr, types)
        elif argument.type_attr and at < len(inputs):
            inferred.setdefault(argument.type_attr, inputs[at]._dtype.base_dtype)
        at += count
    for name, attribute in definition.attributes.items():
        if name not in inferred and attribute.has_default:
            inferred[name] = attribute.default
    return inferred
