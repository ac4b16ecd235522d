"""Things that live in a session and are no variables, and their initialization.

`tensorflow.python.ops.resources` of TF 1.15: each is registered in a collection with
the operation that makes it and the tensor that says whether it is there.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from . import constants, defaults, deprecation, dtypes
from .keys import GraphKeys
from .ops import control_flow, joining, math, slicing
from .surroundings import device, name_scope


class _Resource(NamedTuple):
    """A thing in a session.

    Attributes:
        handle: the tensor that stands for it.
        create: the operation that makes it.
        is_initialized: whether it is there, as a tensor.
    """

    handle: Any
    create: Any
    is_initialized: Any


def register_resource(
    handle: Any, create_op: Any, is_initialized_op: Any, is_shared: bool = True
) -> None:
    """Puts a thing into the collection of shared ones, or of local ones."""
    key = GraphKeys.RESOURCES if is_shared else GraphKeys.LOCAL_RESOURCES
    resource = _Resource(handle, create_op, is_initialized_op)
    defaults.get_default_graph().add_to_collection(key, resource)


def shared_resources() -> list[Any]:
    """What is registered as shared in the default graph."""
    return defaults.get_default_graph().get_collection(GraphKeys.RESOURCES)


def local_resources() -> list[Any]:
    """What is registered as local in the default graph."""
    return defaults.get_default_graph().get_collection(GraphKeys.LOCAL_RESOURCES)


def report_uninitialized_resources(
    resource_list: Any = None, name: str = "report_uninitialized_resources"
) -> Any:
    """The names of the handles of those that are not there, as a tensor."""
    if resource_list is None:
        resource_list = shared_resources() + local_resources()
    with name_scope(name), device("/cpu:0"):
        if not resource_list:
            return constants.constant([], dtype=dtypes.string)
        there = joining.stack([item.is_initialized for item in resource_list])
        missing = math.logical_not(there)
        names = constants.constant([item.handle.name for item in resource_list])
        return slicing.boolean_mask(names, missing)


def initialize_resources(resource_list: Any, name: str = "init") -> Any:
    """One operation that makes all of them."""
    if resource_list:
        return control_flow.group(*[item.create for item in resource_list], name=name)
    return control_flow.no_op(name=name)


@deprecation.deprecated(
    "initialize_all_tables", "lookup_ops", "Use `tf.tables_initializer` instead."
)
def initialize_all_tables(name: str = "init_all_tables") -> Any:
    """`tables_initializer` under its older name."""
    return tables_initializer(name)


def tables_initializer(name: str = "init_all_tables") -> Any:
    """One operation that does what gets tables and iterators ready."""
    graph = defaults.get_default_graph()
    found = graph.get_collection(GraphKeys.TABLE_INITIALIZERS)
    if found:
        return control_flow.group(*found, name=name)
    return control_flow.no_op(name=name)
