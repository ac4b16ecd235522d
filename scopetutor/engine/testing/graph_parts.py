"""What of TensorFlow's `test_util` compares graphs, and changes the order of axes.

After ``modes.py``. TensorFlow's tests get it with the rest of `test_util`, where
``evaluator/old_paths.py`` puts the parts together.
"""

from __future__ import annotations

import contextlib
import itertools
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from scopetutor.engine import collection_messages
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops.reshaping import reshape, transpose

from .modes import assert_equal_graph_def, force_cpu
from .modes import use_gpu as _anywhere

if TYPE_CHECKING:
    from collections.abc import Iterator

_TO_NCHW = {4: (0, 3, 1, 2), 5: (0, 4, 1, 2, 3)}
_FROM_NCHW = {4: (0, 2, 3, 1), 5: (0, 2, 3, 4, 1)}
_TO_VECTORS = {5: (0, 3, 1, 2, 4), 6: (0, 4, 1, 2, 3, 5)}
_FROM_VECTORS = {5: (0, 2, 3, 1, 4), 6: (0, 2, 3, 4, 1, 5)}


# -- graphs ----------------------------------------------------------------------------


def get_node_def_from_graph(node_name: str, graph_def: Any) -> Any:
    """The node of a name in a file's graph; None if there is none."""
    return next((node for node in graph_def.node if node.name == node_name), None)


def assert_equal_graph_def_v1(
    actual: Any,
    expected: Any,
    checkpoint_v2: bool = False,
    hash_table_shared_name: bool = False,
) -> None:
    """`assert_equal_graph_def`."""
    assert_equal_graph_def(actual, expected, checkpoint_v2, hash_table_shared_name)


def assert_equal_graph_def_v2(expected: Any, actual: Any) -> None:
    """`assert_equal_graph_def` that does not look at what is random."""
    assert_equal_graph_def(actual, expected, True, True)


def assert_meta_graph_protos_equal(tester: Any, a: Any, b: Any) -> None:
    """Two graphs with what belongs to them are the same; both are emptied."""
    tester.assertEqual(set(a.collection_def), set(b.collection_def))
    for key in a.collection_def:
        _same_collection(tester, key, a.collection_def[key], b.collection_def[key])
    assert_equal_graph_def(a.graph_def, b.graph_def, checkpoint_v2=True)
    tester.assertProtoEquals(a.graph_def.versions, b.graph_def.versions)
    for message in (a, b):
        message.ClearField("collection_def")
        message.ClearField("graph_def")
    tester.assertProtoEquals(a, b)


def _same_collection(tester: Any, key: str, one: Any, other: Any) -> None:
    kind = collection_messages.get_collection_proto_type(key)
    if kind is None:
        tester.assertEqual(one, other)
        return
    values = one.bytes_list.value, other.bytes_list.value
    tester.assertEqual(*map(len, values))
    for left, right in zip(*values, strict=True):
        tester.assertProtoEquals(kind.FromString(left), kind.FromString(right))


# -- orders of axes --------------------------------------------------------------------


def _permuted(thing: Any, orders: dict[int, tuple[int, ...]]) -> Any:
    """A tensor, or the sizes of a shape, in another order of axes."""
    if isinstance(thing, Tensor):
        return transpose(thing, list(orders[len(thing.shape.as_list())]))
    return [thing[axis] for axis in orders[len(thing)]]


def NHWCToNCHW(input_tensor: Any) -> Any:
    """A tensor, or a shape, with the channels before height and width."""
    return _permuted(input_tensor, _TO_NCHW)


def NCHWToNHWC(input_tensor: Any) -> Any:
    """A tensor, or a shape, with the channels last."""
    return _permuted(input_tensor, _FROM_NCHW)


def NHWCToNCHW_VECT_C(input_shape_or_tensor: Any) -> Any:
    """As `NHWCToNCHW`, with four channels at a time last.

    Raises:
        ValueError: the number of channels is no multiple of four.
    """
    given = input_shape_or_tensor
    sizes = given.shape.as_list() if isinstance(given, Tensor) else given
    if sizes[-1] % 4:
        raise ValueError(
            "Last dimension of input must be evenly divisible by 4 to convert to "
            "NCHW_VECT_C."
        )
    split = [*sizes[:-1], sizes[-1] // 4, 4]
    return _permuted(
        reshape(given, split) if isinstance(given, Tensor) else split, _TO_VECTORS
    )


def NCHW_VECT_CToNHWC(input_shape_or_tensor: Any) -> Any:
    """What `NHWCToNCHW_VECT_C` was given.

    Raises:
        ValueError: there are not four channels at a time.
    """
    given = input_shape_or_tensor
    sizes = given.shape.as_list() if isinstance(given, Tensor) else given
    if sizes[-1] != 4:
        raise ValueError("Last dimension of NCHW_VECT_C must be 4.")
    *rest, channels, four = (sizes[axis] for axis in _FROM_VECTORS[len(sizes)])
    joined = [*rest, channels * four]
    moved = _permuted(given, _FROM_VECTORS)
    return reshape(moved, joined) if isinstance(given, Tensor) else joined


# -- the rest --------------------------------------------------------------------------


def generate_combinations_with_testcase_name(
    **kwargs: Any,
) -> list[OrderedDict[str, Any]]:
    """A test's arguments, for each combination of values, with a name."""
    keys = sorted(kwargs)
    lists = [
        value if isinstance(value, list) else [value]
        for value in (kwargs[key] for key in keys)
    ]
    found = []
    for values in itertools.product(*lists):
        pairs = list(zip(keys, values, strict=True))
        name = "".join(f"_{_letters(key)}_{_letters(value)}" for key, value in pairs)
        found.append(OrderedDict([*pairs, ("testcase_name", f"_test{name}")]))
    return found


def _letters(thing: Any) -> str:
    return "".join(filter(str.isalnum, str(thing)))


@contextlib.contextmanager
def device(use_gpu: bool) -> Iterator[None]:
    """Context manager: operations go where they like, or to the CPU."""
    with _anywhere() if use_gpu else force_cpu():
        yield


def InstallStackTraceHandler() -> None:
    """Nothing: Python says itself where it failed."""
