"""`tf.GradientTape`: records what is computed, and differentiates it.

After tape, which goes back over what was recorded. In eager mode every operation tells
the tapes that it ran; in a graph a tape knows what was made while it recorded.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from . import defaults, nest, tf_logging
from .convert import convert_to_tensor
from .gradients import UnconnectedGradients, as_unconnected
from .keys import GraphKeys
from .operation import Tensor
from .ops import array
from .resource_variables import is_resource_variable
from .tape import Record, gradients_of, records_of
from .variables import Variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .registry import Definition

_READS = frozenset({"ReadVariableOp", "ResourceGather", "ResourceGatherNd"})


class GradientTape:
    """Records operations while it is entered.

    Args:
        persistent: whether `gradient` may be called more than once.
        watch_accessed_variables: whether trainable variables that are read are watched
            without being asked for.
    """

    def __init__(
        self, persistent: bool = False, watch_accessed_variables: bool = True
    ) -> None:
        self._records: list[Record] | None = None  # None: there is no tape yet
        self._watched: dict[Tensor, Any] = {}  # with the variable, if it is one's
        self._followed: set[Tensor] = set()  # what depends on what is watched
        self._persistent = persistent
        self._watches_variables = watch_accessed_variables
        self._recording = False
        self._start = 0  # in a graph: how many of its operations are looked at

    def reset(self) -> None:
        """Forgets what was recorded.

        Raises:
            ValueError: the tape is not recording.
        """
        self._end()
        self._records = None
        self._begin()

    def __enter__(self) -> GradientTape:
        self._begin()
        return self

    def __exit__(self, *_exc: object) -> None:
        if self._recording:
            self._end()

    def _length(self) -> int:
        if defaults.state.eager:
            return 0
        return len(defaults.get_default_graph()._operations)

    def _begin(self) -> None:
        if self._recording:
            raise ValueError("Tape is already recording.")
        self._recording = True
        if self._records is None:
            self._records, self._watched, self._followed = [], {}, set()
        self._start = self._length()
        if defaults.state.eager:
            from .eager import recorders  # noqa: PLC0415 - eager mode is rare

            recorders.append(self)

    def _end(self) -> None:
        if not self._recording:
            raise ValueError("Tape is not recording.")
        self._recording = False
        if defaults.state.eager:
            from .eager import recorders  # noqa: PLC0415 - eager mode is rare

            recorders.remove(self)
        else:
            self._take_from_graph()

    def _take_from_graph(self) -> None:
        graph = defaults.get_default_graph()
        made = list(graph._operations.values())[self._start :]
        self._start += len(made)
        variables = {
            getattr(variable, "handle", None): variable
            for variable in graph.get_collection(GraphKeys.TRAINABLE_VARIABLES)
        }
        if graph.building_function:  # what its branches and loops read, too
            read: dict[Tensor, Any] = graph.__dict__.get("_variables_read", {})
            variables = {_here(handle): variable for handle, variable in read.items()}
            self._followed.update(map(_here, self._watched))
        for op, record in zip(made, records_of(made), strict=True):
            taken = op._inputs if graph.building_function else op._inputs[:1]
            if op.type in _READS or graph.building_function:
                for handle in variables.keys() & set(taken):
                    self.variable_accessed(variables[handle])
            self._record(record)

    @contextmanager
    def stop_recording(self) -> Iterator[None]:
        """Context manager: what is computed in it is not recorded.

        Raises:
            RuntimeError: nothing was recorded yet.
            ValueError: the tape is not recording.
        """
        if self._records is None:
            raise RuntimeError(
                "Trying to stop recording a tape which is not recording."
            )
        self._end()
        try:
            yield
        finally:
            self._begin()

    # -- what is recorded --------------------------------------------------------------

    def operation_ran(
        self,
        definition: Definition,
        attrs: dict[str, Any],
        inputs: Any,
        outputs: list[Tensor],
    ) -> None:
        """Notes an operation of eager mode."""
        if not self._followed.isdisjoint(inputs):
            self._record(Record(definition, attrs, tuple(inputs), outputs))

    def _record(self, record: Record) -> None:
        """Keeps an operation whose inputs depend on what is watched by now."""
        assert self._records is not None
        if not self._followed.isdisjoint(record.inputs):
            self._records.append(record)
            self._followed.update(record.outputs)

    def _watch(self, source: Tensor, item: Any) -> None:
        self._watched[source] = item
        self._followed.update((source, _here(source)))

    def variable_accessed(self, variable: Any) -> None:
        """Watches a trainable variable that is read."""
        if self._watches_variables:
            self._watch(variable.handle, variable)

    def watch(self, tensor: Any) -> None:
        """Records what is computed from tensors or variables.

        Raises:
            ValueError: something is neither tensor nor variable.
            AttributeError: the tape was never entered.
        """
        for item in nest.flatten(tensor):
            if not isinstance(item, (Tensor, Variable)):
                raise ValueError(
                    f"Passed in object of type {type(item)}, not tf.Tensor"
                )
            if not item.dtype.base_dtype.is_floating:
                tf_logging.warn(
                    "The dtype of the watched tensor must be floating (e.g. "
                    "tf.float32), got %r",
                    item.dtype,
                )
            if self._records is None:
                raise AttributeError("'NoneType' object has no attribute '_tape'")
            if self._recording and not defaults.state.eager:
                self._take_from_graph()
            self._watch(_source(item), item)

    def watched_variables(self) -> tuple[Any, ...]:
        """The variables that are watched, in the order they were first used.

        Raises:
            AttributeError: the tape was never entered, or is used up.
        """
        if self._records is None:
            raise AttributeError(
                "'NoneType' object has no attribute 'watched_variables'"
            )
        if self._recording and not defaults.state.eager:
            self._take_from_graph()
        return tuple(v for v in self._watched.values() if is_resource_variable(v))

    # -- gradients ---------------------------------------------------------------------

    def gradient(
        self,
        target: Any,
        sources: Any,
        output_gradients: Any = None,
        unconnected_gradients: Any = UnconnectedGradients.NONE,
    ) -> Any:
        """The gradients of what was recorded.

        Args:
            target: a tensor or a structure of them.
            sources: watched tensors or variables, in any structure.
            output_gradients: what the derivatives are multiplied with; None: ones.
            unconnected_gradients: what is given for sources that the target does not
                depend on: None, or zeros.

        Returns:
            The gradients in the structure of the sources.

        Raises:
            RuntimeError: the tape is not persistent and was asked before.
        """
        if self._records is None:
            raise RuntimeError(
                "GradientTape.gradient can only be called once on non-persistent tapes."
            )
        if self._recording and not self._persistent:
            self._end()
        targets = [self._as_tensor(item) for item in nest.flatten(target)]
        flat = nest.flatten(sources)
        for item in flat:
            _ = item.dtype.is_floating  # AttributeError for what is no tensor
        kept = [_source(item) for item in flat]
        given: list[Any] = [None] * len(targets)
        if output_gradients is not None:
            given = nest.flatten(output_gradients)
        grads = [
            array.ones_like(t) if g is None else convert_to_tensor(g)
            for t, g in zip(targets, given, strict=False)
        ]
        records, self._records = self._records, None
        if self._persistent:
            self._records = records
        results = gradients_of(
            records,
            targets,
            [_here(source) for source in kept],
            grads,
            [_here(tensor) for tensor in self._watched],
        )
        zeros = as_unconnected(unconnected_gradients) is UnconnectedGradients.ZERO
        for i, item in enumerate(flat):
            if results[i] is None and zeros:
                results[i] = array.zeros_like(item)
        return nest.pack_sequence_as(sources, results)

    def _as_tensor(self, item: Any) -> Any:
        _ = item.dtype.is_floating  # AttributeError for what is no tensor
        if not is_resource_variable(item):
            return item
        with self:
            return convert_to_tensor(item)


def _source(item: Any) -> Any:
    """What stands for a tensor or variable in a record."""
    return item.handle if is_resource_variable(item) else convert_to_tensor(item)


def _here(tensor: Any) -> Any:
    """What stands for a tensor in the function that is being built, if one is."""
    if defaults.state.eager:
        return tensor
    captured: dict[Any, Any] = getattr(defaults.get_default_graph(), "captured", {})
    return captured.get(tensor, tensor)
