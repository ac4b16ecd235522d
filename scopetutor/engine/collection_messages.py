"""How the objects in a graph's collections travel: as messages, and back.

Before ``meta_graph.py``; variables, Savers and contexts are made when one comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scopetutor.formats import protos

from .keys import GraphKeys

if TYPE_CHECKING:
    from collections.abc import Callable


class Travel(NamedTuple):
    """How the objects of one collection become messages and come back."""

    proto_type: Any
    to_proto: Callable[..., Any] | None
    from_proto: Callable[..., Any] | None


def _variable_from(message: Any, import_scope: str | None = None) -> Any:
    from .resource_variables import ResourceVariable  # noqa: PLC0415 - when one comes
    from .variables import Variable  # noqa: PLC0415 - as above

    kind = ResourceVariable if message.is_resource else Variable
    return kind.from_proto(message, import_scope=import_scope)


def _to_proto(thing: Any, export_scope: str | None = None) -> Any:
    return thing.to_proto(export_scope=export_scope)


def _context_from(message: Any, import_scope: str | None = None) -> Any:
    from . import context_messages  # noqa: PLC0415 - most graphs have none

    return context_messages.from_proto(message, import_scope)


def saver_from(message: Any, import_scope: str | None = None) -> Any:
    """The Saver of a message."""
    from .training.saver import Saver  # noqa: PLC0415 - it is built on this module

    return Saver.from_proto(message, import_scope=import_scope)


_VARIABLES = Travel(protos.VariableDef, _to_proto, _variable_from)
_travels: dict[str, Travel] = {
    GraphKeys.SAVERS: Travel(protos.SaverDef, _to_proto, saver_from),
    GraphKeys.COND_CONTEXT: Travel(protos.CondContextDef, _to_proto, _context_from),
    GraphKeys.WHILE_CONTEXT: Travel(protos.WhileContextDef, _to_proto, _context_from),
    **dict.fromkeys(
        (
            GraphKeys.GLOBAL_VARIABLES,
            GraphKeys.TRAINABLE_VARIABLES,
            GraphKeys.MOVING_AVERAGE_VARIABLES,
            GraphKeys.LOCAL_VARIABLES,
            GraphKeys.MODEL_VARIABLES,
            GraphKeys.METRIC_VARIABLES,
            GraphKeys.GLOBAL_STEP,
        ),
        _VARIABLES,
    ),
}


_NO_TRAVEL = Travel(None, None, None)


def travel_of(collection_name: Any) -> Travel:
    """How the objects of a collection travel; as nothing, if nobody has said."""
    return _travels.get(collection_name, _NO_TRAVEL)


def register_proto_function(
    collection_name: str,
    proto_type: Any = None,
    to_proto: Callable[..., Any] | None = None,
    from_proto: Callable[..., Any] | None = None,
) -> None:
    """Says how the objects of a collection travel: as messages of a type.

    Raises:
        TypeError: a function for one way is none.
        KeyError: the collection has been spoken of before.
    """
    for what, function in (("to_proto", to_proto), ("from_proto", from_proto)):
        if function and not callable(function):
            raise TypeError(f"{what} must be callable.")
    if collection_name in _travels:
        raise KeyError(
            f"Registering two proto functions with name '{collection_name}'!"
        )
    _travels[collection_name] = Travel(proto_type, to_proto, from_proto)


def get_collection_proto_type(collection_name: str) -> Any:
    """The type of message the objects of a collection travel as, or None."""
    return travel_of(collection_name).proto_type


def get_to_proto_function(collection_name: str) -> Any:
    """What makes messages of the objects of a collection, or None."""
    return travel_of(collection_name).to_proto


def get_from_proto_function(collection_name: str) -> Any:
    """What makes objects of messages, for a collection, or None."""
    return travel_of(collection_name).from_proto
