"""Graphs, operations and variables as the messages of TensorFlow's files.

Beside graph and operation, loaded when a program asks for a `node_def` or a file is
written. `graph_import` is the way back, `meta_graph` adds what belongs to a graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.formats import protos, tensors
from scopetutor.formats.message import Message

from . import constants, dtypes, shapes
from .scope_names import strip_name_scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from .graph import Graph
    from .operation import Operation, Tensor
    from .registry import Definition
    from .shapes import Dims
    from .signatures import Argument, Attribute

# -- values of attributes --------------------------------------------------------------

_FIELDS = {
    "string": "s",
    "int": "i",
    "float": "f",
    "bool": "b",
    "type": "type",
    "shape": "shape",
    "tensor": "tensor",
    "func": "func",
}


def _text(value: Any) -> bytes:
    return value if isinstance(value, bytes) else value.encode(errors="surrogateescape")


def literal_proto(literal: constants.Literal | bytes) -> Any:
    """TF 1.15: of a constant that one value fills, only that value is written.

    The default of an attribute is in the signatures as its message already, in bytes.
    """
    if isinstance(literal, bytes):
        return protos.TensorProto.FromString(literal)
    array = literal.array
    if literal.given < array.size:
        given = array.reshape(-1)[: literal.given]
        return tensors.from_array(given, shape=array.shape)
    return tensors.from_array(array)


def shape_proto(dims: Dims) -> Any:
    """The TensorShapeProto of a shape; an unknown size is written as -1."""
    if dims is None:
        return protos.TensorShapeProto(unknown_rank=True)
    sizes = [{"size": -1 if size is None else size} for size in dims]
    return protos.TensorShapeProto(dim=sizes)


_TO_FIELD: dict[str, Callable[[Any], Any]] = {
    "string": _text,
    "type": lambda dtype: dtype.as_datatype_enum,
    "shape": shape_proto,
    "tensor": literal_proto,
    "func": lambda name: protos.NameAttrList(name=name),
}


def attr_value(kind: str, value: Any) -> Any:
    """The AttrValue message of a plain value of an attribute's kind."""
    if isinstance(value, Message):
        return value
    message = protos.AttrValue()
    item_kind = kind[5:-1] if kind.startswith("list(") else kind
    convert = _TO_FIELD.get(item_kind, lambda plain: plain)
    field = _FIELDS[item_kind]
    if item_kind == kind:
        return protos.AttrValue(**{field: convert(value)})
    message.list.SetInParent()
    getattr(message.list, field).extend([convert(item) for item in value])
    return message


_FROM_FIELD: dict[str, Callable[[Any], Any]] = {
    "string": lambda text: text.decode("utf-8", "surrogateescape"),
    "type": dtypes.as_dtype,
    "shape": shapes.as_dims,
    "tensor": lambda proto: constants.Literal(*array_of(proto)),
    "func": lambda proto: proto.name,
}


def array_of(proto: Any) -> tuple[Any, int]:
    """The array of a TensorProto, and how many of its values were written."""
    array = tensors.to_array(proto)
    given = sum(
        len(value)
        for field, value in proto.ListFields()
        if field.name.endswith("_val") and hasattr(value, "__len__")
    )
    return array, min(given, array.size) or array.size


def plain_value(value: Any, attribute: Attribute | None) -> Any:
    """An attribute as the engine keeps it, from its message or a plain value.

    An attribute that is not in the signature (such as ``_class``) stays a message.
    """
    if not isinstance(value, Message) or attribute is None:
        return value
    kind = attribute.kind
    item_kind = kind[5:-1] if kind.startswith("list(") else kind
    convert = _FROM_FIELD.get(item_kind, lambda plain: plain)
    field = _FIELDS[item_kind]
    if item_kind == kind:
        return convert(getattr(value, field))
    return [convert(item) for item in getattr(value.list, field)]


def attribute_value(op: Operation, name: str) -> Any:
    """An attribute as `Operation.get_attr` gives it (TF 1.15: text as bytes)."""
    value = op._attrs[name]
    attribute = op._definition.attributes.get(name)
    if attribute is None:
        if not isinstance(value, Message):
            value = attr_value(attribute_kind(value), value)
        return _message_value(value)
    if attribute.kind in {"type", "list(type)", "int", "bool", "list(int)"}:
        return list(value) if isinstance(value, (list, tuple)) else value
    return _message_value(attr_value(attribute.kind, value))


def _message_value(message: Any) -> Any:
    """What an AttrValue message holds."""
    chosen = message.WhichOneof("value")
    if chosen is None:
        return []
    value = getattr(message, chosen)
    if chosen == "list":
        for _, items in value.ListFields():
            return list(items)
        return []
    return dtypes.as_dtype(value) if chosen == "type" else value


# -- operations and graphs -------------------------------------------------------------


def attribute_kind(value: Any) -> str:
    """The kind of an attribute that no type of operation speaks of."""
    if isinstance(value, bool):
        return "bool"
    return "int" if isinstance(value, int) else "string"


def node_def(op: Operation, *, add_shapes: bool = False) -> Any:
    """The NodeDef of an operation."""
    definition = op._definition
    node = protos.NodeDef(name=op._name, op=definition.name, device=op._device)
    node.input.extend(
        [
            taken.name if index in op._rewired else taken._as_node_def_input()
            for index, taken in enumerate(op._inputs)
        ]
    )
    node.input.extend([f"^{control._name}" for control in op._control_inputs])
    for name, value in op._attrs.items():
        attribute = definition.attributes.get(name)
        kind = attribute_kind(value) if attribute is None else attribute.kind
        node.attr[name].CopyFrom(attr_value(kind, value))
    if op._colocation:
        node.attr["_class"].CopyFrom(attr_value("list(string)", op._colocation))
    if add_shapes and op._outputs:
        node.attr["_output_shapes"].CopyFrom(
            attr_value("list(shape)", [tensor._dims for tensor in op._outputs])
        )
    return node


def versions(graph: Graph) -> Any:
    """The VersionDef of a graph: TF 1.15.5's, or that of what was read into it."""
    return protos.VersionDef(
        producer=graph._producer_version, min_consumer=graph._min_consumer
    )


def graph_def(
    graph: Graph, from_version: int | None = None, *, add_shapes: bool = False
) -> Any:
    """The GraphDef of a graph.

    Args:
        graph: what is written.
        from_version: TF 1.15 takes it and writes all operations.
        add_shapes: whether nodes carry the shapes of their outputs.
    """
    del from_version
    message = protos.GraphDef(versions=versions(graph))
    for op in graph._operations.values():
        node = node_def(op, add_shapes=add_shapes)
        _tidy_inputs(node)
        message.node.append(node)
    add_library(message, graph)
    return message


def add_library(message: Any, graph: Graph) -> None:
    """Adds the functions that are operations of a graph to its GraphDef."""
    for name, function in sorted(graph.__dict__.get("_library", {}).items()):
        message.library.function.append(function.definition)
        gradient = function.grad_func_name
        if gradient is not None:
            message.library.gradient.add(function_name=name, gradient_func=gradient)


def _tidy_inputs(node: Any) -> None:
    """TF 1.15: in a graph's file, inputs have no ``:0`` and controls are sorted."""
    names = [name.removesuffix(":0") for name in node.input]
    data = [name for name in names if not name.startswith("^")]
    del node.input[:]
    node.input.extend([*data, *sorted(names[len(data) :])])


# -- types of operations ---------------------------------------------------------------


_OpDef: Any = protos.OpDef


def _arg_def(argument: Argument) -> Any:
    return _OpDef.ArgDef(
        name=argument.name,
        type=argument.dtype.as_datatype_enum if argument.dtype else None,
        type_attr=argument.type_attr,
        number_attr=argument.number_attr,
        type_list_attr=argument.type_list_attr,
        is_ref=argument.is_ref,
    )


def _attr_def(attribute: Attribute) -> Any:
    message = _OpDef.AttrDef(name=attribute.name, type=attribute.kind)
    if attribute.has_default:
        message.default_value.CopyFrom(attr_value(attribute.kind, attribute.default))
    if attribute.minimum is not None:
        message.has_minimum = True
        message.minimum = attribute.minimum
    if attribute.allowed is not None:
        item_kind = attribute.kind.removeprefix("list(").removesuffix(")")
        allowed = attr_value(f"list({item_kind})", attribute.allowed)
        message.allowed_values.CopyFrom(allowed)
    return message


def op_def(definition: Definition) -> Any:
    """The OpDef of a type of operation, without its documentation."""
    message = protos.OpDef(
        name=definition.name,
        input_arg=[_arg_def(argument) for argument in definition.inputs],
        output_arg=[_arg_def(argument) for argument in definition.outputs],
        attr=[_attr_def(attribute) for attribute in definition.attributes.values()],
        is_aggregate=definition.is_aggregate,
        is_stateful=definition.is_stateful,
        is_commutative=definition.is_commutative,
        allows_uninitialized_input=definition.takes_uninitialized,
    )
    if definition.removed:
        message.deprecation.version = definition.removed
    return message


# -- variables -------------------------------------------------------------------------


def variable_def(variable: Any, export_scope: str | None) -> Any:
    """The VariableDef of a variable, its names without the scope that is exported."""

    def name(element: Tensor | Operation | None) -> str | None:
        return None if element is None else strip_name_scope(element.name, export_scope)

    holder, snapshot = variable._in_files()
    message = protos.VariableDef(
        variable_name=name(holder),
        initial_value_name=name(variable._initial_value),
        initializer_name=name(variable.initializer),
        snapshot_name=name(snapshot),
        is_resource=holder.dtype is dtypes.resource,
        trainable=variable.trainable,
        synchronization=variable.synchronization.value,
        aggregation=variable.aggregation.value,
    )
    info = variable._get_save_slice_info()
    if info is not None:
        message.save_slice_info_def.MergeFrom(info.to_proto(export_scope=export_scope))
    return message


def save_slice_info_def(info: Any, export_scope: str | None) -> Any:
    """The SaveSliceInfoDef of a part of a partitioned variable."""
    return protos.SaveSliceInfoDef(
        full_name=strip_name_scope(info.full_name, export_scope),
        full_shape=info.full_shape,
        var_offset=info.var_offset,
        var_shape=info.var_shape,
    )
