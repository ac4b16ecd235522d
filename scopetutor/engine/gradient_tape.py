"""`tf.GradientTape`: records what is computed, and differentiates it.

After tape, which goes back over what was recorded. In eager mode every operation tells
the tapes that it ran; in a graph a tape knows what was made while it recorded.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from . import defaults, nest, tf_logging
from .convert import convert_to_tensor
from .gradients import UnconnectedGradients
from .keys import GraphKeys
from .ops import array
from .resource_variables import is_resource_variable
from .tape import Record, gradients_of, records_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .operation import Tensor
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
        self._records: list[Record] | None = None
        self._persistent = persistent
        self._watches_variables = watch_accessed_variables
        self._recording = False
        self.reset()

    def reset(self) -> None:
        """Forgets what was recorded."""
        self._records = []
        self._watched: dict[Tensor, Any] = {}  # with the variable, if it is one's
        self._start = self._length()

    def __enter__(self) -> GradientTape:
        if self._recording:
            raise ValueError("Tape is already recording.")
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
        self._recording = True
        if self._records is None:
            self._records = []
        self._start = self._length()
        if defaults.state.eager:
            from .eager import recorders  # noqa: PLC0415 - eager mode is rare

            recorders.append(self)

    def _end(self) -> None:
        self._recording = False
        if defaults.state.eager:
            from .eager import recorders  # noqa: PLC0415 - eager mode is rare

            recorders.remove(self)
        else:
            self._take_from_graph()

    def _take_from_graph(self) -> None:
        made = list(defaults.get_default_graph()._operations.values())[self._start :]
        assert self._records is not None
        self._records.extend(records_of(made))
        if not self._watches_variables:
            return
        handles = {op._inputs[0] for op in made if op.type in _READS}
        for variable in defaults.get_default_graph().get_collection(
            GraphKeys.TRAINABLE_VARIABLES
        ):
            if getattr(variable, "handle", None) in handles:
                self._watched[variable.handle] = variable

    @contextmanager
    def stop_recording(self) -> Iterator[None]:
        """Context manager: what is computed in it is not recorded.

        Raises:
            RuntimeError: the tape is not recording.
        """
        if not self._recording:
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
        if inputs and self._records is not None:
            self._records.append(Record(definition, attrs, tuple(inputs), outputs))

    def variable_accessed(self, variable: Any) -> None:
        """Watches a trainable variable that is read."""
        if self._watches_variables:
            self._watched[variable.handle] = variable

    def watch(self, tensor: Any) -> None:
        """Records what is computed from tensors or variables."""
        for item in nest.flatten(tensor):
            if not item.dtype.base_dtype.is_floating:
                tf_logging.warn(
                    "The dtype of the watched tensor must be floating (e.g. "
                    "tf.float32), got %r",
                    item.dtype,
                )
            self._watched[_source(item)] = item

    def watched_variables(self) -> tuple[Any, ...]:
        """The variables that are watched, in the order they were first used."""
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
        kept = [_source(item) for item in flat]
        given: list[Any] = [None] * len(targets)
        if output_gradients is not None:
            given = nest.flatten(output_gradients)
        grads = [
            array.ones_like(t) if g is None else convert_to_tensor(g)
            for t, g in zip(targets, given, strict=True)
        ]
        records, self._records = self._records, None
        if self._persistent:
            self._records = records
        results = gradients_of(records, targets, kept, grads, self._watched)
        zeros = UnconnectedGradients(unconnected_gradients) is UnconnectedGradients.ZERO
        for i, item in enumerate(flat):
            if results[i] is None and zeros:
                results[i] = array.zeros_like(item)
        return nest.pack_sequence_as(sources, results)

    def _as_tensor(self, item: Any) -> Any:
        if not is_resource_variable(item):
            return item
        with self:
            return convert_to_tensor(item)


def _source(item: Any) -> Any:
    """What stands for a tensor or variable in a record."""
    return item.handle if is_resource_variable(item) else convert_to_tensor(item)
