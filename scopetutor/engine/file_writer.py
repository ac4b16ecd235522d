"""`tf.summary.FileWriter`: writes summaries and graphs into an event file.

After ``ops/summaries.py``; the file itself is ``formats/events.py``. TensorFlow writes
from a thread of its own; here an event is in the file's buffer when `add_summary`
returns, and on disk after `flush_secs`, `flush`, `close` or the end of the program.
"""

from __future__ import annotations

import time
import warnings
import weakref
from typing import TYPE_CHECKING, Any

from scopetutor.formats import protos
from scopetutor.formats.events import EventWriter, read_events

from . import defaults, deprecation, tf_logging
from .graph import Graph

if TYPE_CHECKING:
    from collections.abc import Iterator


class FileWriter:
    """Appends events to a new file of a folder.

    Args:
        logdir: the folder; it is made if need be.
        graph: is written first.
        max_queue: kept for TensorFlow's sake: nothing waits here.
        flush_secs: how old an event may become before it is on disk.
        graph_def: the old form of `graph`.
        filename_suffix: the end of the file's name.
        session: kept for TensorFlow's sake.

    Raises:
        RuntimeError: in eager mode.
        TypeError: the graph is none.
    """

    def __init__(
        self,
        logdir: Any,
        graph: Any = None,
        max_queue: int = 10,
        flush_secs: float = 120,
        graph_def: Any = None,
        filename_suffix: str | None = None,
        session: Any = None,
    ) -> None:
        if defaults.state.eager:
            raise RuntimeError(
                "tf.summary.FileWriter is not compatible with eager execution. Use "
                "tf.contrib.summary instead."
            )
        self._logdir = str(logdir)
        self._suffix = filename_suffix or ""
        self._flush_secs = flush_secs
        self._run_tags: set[str] = set()
        self._open_file()
        if graph is not None or graph_def is not None:
            self._add_graph_and_meta_graph(graph, graph_def)

    def _open_file(self) -> None:
        self._events = EventWriter(self._logdir, self._suffix)
        self._next_flush = 0.0
        self._closed = False
        # A program that ends without closing it keeps its events.
        weakref.finalize(self, self._events.close)

    def _add_graph_and_meta_graph(self, graph: Any, graph_def: Any) -> None:
        from .meta_graph import create_meta_graph_def  # noqa: PLC0415 - slow to load

        self.add_graph(graph=graph, graph_def=graph_def)
        message = graph
        if isinstance(graph, Graph):
            message = graph.as_graph_def(add_shapes=True)
        self.add_meta_graph(create_meta_graph_def(graph_def=graph_def or message))

    def __enter__(self) -> FileWriter:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def get_logdir(self) -> str:
        """The folder."""
        return self._logdir

    # -- adding --------------------------------------------------------------------

    def add_summary(self, summary: Any, global_step: Any = None) -> None:
        """Appends a summary: a message, or the bytes that running one gave."""
        if self._open():
            self._events.add_summary(summary, _step(global_step))
            self._flush_if_due()

    def add_session_log(self, session_log: Any, global_step: Any = None) -> None:
        """Appends when a session began, was saved or ended."""
        if self._open():
            self._events.add_session_log(session_log, _step(global_step))
            self._flush_if_due()

    def add_graph(
        self, graph: Any, global_step: Any = None, graph_def: Any = None
    ) -> None:
        """Appends a graph, with the shapes of its tensors."""
        if graph is not None and graph_def is not None:
            raise ValueError(
                "Please pass only graph, or graph_def (deprecated), but not both."
            )
        if isinstance(graph, Graph) or isinstance(graph_def, Graph):
            if not isinstance(graph, Graph):
                tf_logging.warning(
                    "When passing a `Graph` object, please use the `graph` named "
                    "argument instead of `graph_def`."
                )
                graph = graph_def
            message = graph.as_graph_def(add_shapes=True)
        elif isinstance(graph, protos.GraphDef) or isinstance(
            graph_def, protos.GraphDef
        ):
            tf_logging.warning(
                "Passing a `GraphDef` to the SummaryWriter is deprecated. Pass a "
                "`Graph` object instead, such as `sess.graph`."
            )
            message = graph if isinstance(graph, protos.GraphDef) else graph_def
        else:
            raise TypeError(
                "The passed graph must be an instance of `Graph` or the deprecated "
                "`GraphDef`"
            )
        if self._open():
            self._events.add_graph(message, _step(global_step))
            self._flush_if_due()

    def add_meta_graph(self, meta_graph_def: Any, global_step: Any = None) -> None:
        """Appends a graph with its collections."""
        if not isinstance(meta_graph_def, protos.MetaGraphDef):
            raise TypeError(
                "meta_graph_def must be type MetaGraphDef, saw type: "
                f"{type(meta_graph_def)}"
            )
        if self._open():
            self._events.add_meta_graph(meta_graph_def, _step(global_step))
            self._flush_if_due()

    def add_run_metadata(
        self, run_metadata: Any, tag: str, global_step: Any = None
    ) -> None:
        """Appends what was measured of one run, under a tag of its own."""
        if tag in self._run_tags:
            raise ValueError("The provided tag was already used for this event type")
        self._run_tags.add(tag)
        tagged = protos.TaggedRunMetadata(
            tag=tag, run_metadata=run_metadata.SerializeToString()
        )
        event: Any = protos.Event(tagged_run_metadata=tagged)
        if self._open():
            self._events.add(event, _step(global_step))
            self._flush_if_due()

    def add_event(self, event: Any) -> None:
        """Appends an event as it is."""
        if self._open():
            self._events.add(event)
            self._flush_if_due()

    # -- the file ------------------------------------------------------------------

    def _open(self) -> bool:
        """Whether the file is open; warns if not."""
        if self._closed:
            warnings.warn(
                "Attempting to use a closed FileWriter. The operation will be a noop "
                "unless the FileWriter is explicitly reopened.",
                stacklevel=3,
            )
        return not self._closed

    def _flush_if_due(self) -> None:
        now = time.monotonic()
        if now > self._next_flush:
            self._events.flush()
            self._next_flush = now + self._flush_secs

    def flush(self) -> None:
        """Puts everything added so far on disk."""
        if self._open():
            self._events.flush()

    def close(self) -> None:
        """Puts everything on disk and closes the file."""
        if not self._closed:
            self._events.close()
            self._closed = True

    def reopen(self) -> None:
        """Goes on after `close`, in a new file."""
        if self._closed:
            self._open_file()


def summary_iterator(path: Any) -> Iterator[Any]:
    """The events of an event file, in order."""
    deprecation.warn_function(
        "tf_record_iterator",
        "tensorflow.python.lib.io.tf_record",
        "Use eager execution and: \n`tf.data.TFRecordDataset(path)`",
    )
    return read_events(path)


def _step(global_step: Any) -> int | None:
    return None if global_step is None else int(global_step)


class FileWriterCache:
    """One FileWriter for each folder."""

    _cache: dict[str, FileWriter] = {}  # noqa: RUF012 - TensorFlow's attribute

    @staticmethod
    def get(logdir: str) -> FileWriter:
        """The writer of a folder; made with the default graph if there is none."""
        found = FileWriterCache._cache.get(logdir)
        if found is None:
            graph = defaults.get_default_graph()
            found = FileWriterCache._cache[logdir] = FileWriter(logdir, graph=graph)
        return found

    @staticmethod
    def clear() -> None:
        """Closes all writers and forgets them."""
        for writer in FileWriterCache._cache.values():
            writer.close()
        FileWriterCache._cache.clear()
