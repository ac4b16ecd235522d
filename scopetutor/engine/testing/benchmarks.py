"""`tf.test.Benchmark`: a class whose methods measure how long operations take.

`tf.test.main` runs those that `--benchmarks=REGEX` matches. TF 1.15: what a benchmark
reports is printed, or written to a file whose name begins with the environment
variable TEST_REPORT_FILE_PREFIX.
"""

from __future__ import annotations

import os
import re
import sys
import time
from numbers import Number
from statistics import median
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, gfile, tf_logging
from scopetutor.formats import protos

if TYPE_CHECKING:
    from collections.abc import Callable

_REPORT = "TEST_REPORT_FILE_PREFIX"
_registry: list[type[Benchmark]] = []


class Benchmark:
    """What a class of benchmarks inherits; its methods begin with `benchmark`."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        _registry.append(cls)

    @classmethod
    def is_abstract(cls) -> bool:
        """Whether it is no class of benchmarks itself."""
        return cls is Benchmark

    def report_benchmark(
        self,
        iters: int | None = None,
        cpu_time: float | None = None,
        wall_time: float | None = None,
        throughput: float | None = None,
        extras: dict[str, Any] | None = None,
        name: str | None = None,
        metrics: list[dict[str, Any]] | None = None,
    ) -> None:
        """Says what was measured.

        Args:
            iters: how often it was done.
            cpu_time: seconds of the processor for one time.
            wall_time: seconds for one time.
            throughput: megabytes a second.
            extras: more numbers and texts.
            name: of the benchmark; that of the method that calls.
            metrics: more numbers, each with the keys `name` and `value`.

        Raises:
            TypeError: `extras` is no dictionary, or `metrics` no list of such.
        """
        numbers = {"iters": iters, "cpu_time": cpu_time, "wall_time": wall_time,
                   "throughput": throughput}  # fmt: skip
        full = f"{type(self).__name__}.{name or _calling_method(self)}"
        _log(full, numbers, extras, metrics)
        entry = protos.BenchmarkEntry(
            name=full,
            **{key: value for key, value in numbers.items() if value is not None},
        )
        _add_extras(entry, extras)
        _add_metrics(entry, metrics)
        _report(full, protos.BenchmarkEntries(entry=[entry]))

    def run_op_benchmark(
        self,
        sess: Any,
        op_or_tensor: Any,
        feed_dict: Any = None,
        burn_iters: int = 2,
        min_iters: int = 10,
        store_trace: bool = False,
        store_memory_usage: bool = True,
        name: str | None = None,
        extras: dict[str, Any] | None = None,
        mbs: float = 0,
    ) -> dict[str, Any]:
        """Measures a run and reports the median; what was reported.

        No trace and no use of memory are stored.
        """
        del store_trace, store_memory_usage
        for _ in range(burn_iters):
            sess.run(op_or_tensor, feed_dict=feed_dict)
        seconds = []
        for _ in range(min_iters):
            before = time.time()
            sess.run(op_or_tensor, feed_dict=feed_dict)
            seconds.append(time.time() - before)
        middle = median(seconds) if seconds else -1
        found: dict[str, Any] = {
            "iters": min_iters,
            "wall_time": middle,
            "extras": {} if extras is None else extras,
            "name": name or _calling_method(self),
            "throughput": mbs / middle,
        }
        self.report_benchmark(**found)
        return found

    def evaluate(self, tensors: Any) -> Any:
        """The values of tensors in the default session."""
        return defaults.get_default_session().run(tensors)


def _calling_method(benchmark: Benchmark) -> str:
    """The outermost method that runs on a benchmark."""
    frame: Any = sys._getframe(1)
    name = ""
    while frame is not None:
        if frame.f_locals.get("self") is benchmark:
            name = frame.f_code.co_name
        frame = frame.f_back
    return name


def _log(name: str, numbers: dict[str, Any], extras: Any, metrics: Any) -> None:
    known = {key: -1 if value is None else value for key, value in numbers.items()}
    tf_logging.info(
        "Benchmark [%s] iters: %d, wall_time: %g, cpu_time: %g,throughput: %g, "
        "extras: %s, metrics: %s",
        name, known["iters"], known["wall_time"], known["cpu_time"],
        known["throughput"], extras or None, metrics or None,
    )  # fmt: skip


def _add_extras(entry: Any, extras: Any) -> None:
    if extras is None:
        return
    if not isinstance(extras, dict):
        raise TypeError("extras must be a dict")
    for key, value in extras.items():
        if isinstance(value, Number):
            entry.extras[key].double_value = value
        else:
            entry.extras[key].string_value = str(value)


def _add_metrics(entry: Any, metrics: Any) -> None:
    if metrics is None:
        return
    if not isinstance(metrics, list):
        raise TypeError("metrics must be a list")
    for metric in metrics:
        for field in ("name", "value"):
            if field not in metric:
                raise TypeError(f"metric must has a '{field}' field")
        made = entry.metrics.add()
        made.name, made.value = metric["name"], metric["value"]
        for bound in ("min_value", "max_value"):
            if bound in metric:
                getattr(made, bound).value = metric[bound]


def _report(name: str, entries: Any) -> None:
    """Prints what was measured, or writes it to a file of its own.

    Raises:
        OSError: there is such a file.
    """
    prefix = os.environ.get(_REPORT)
    if prefix is None:
        print(entries)  # noqa: T201 - the program's own output, as in TensorFlow
        return
    path = prefix + name.replace("/", "__")
    if gfile.Exists(path):
        raise OSError(f"File already exists: {path}")
    with gfile.GFile(path, "wb") as file:
        file.write(entries.SerializeToString())


def benchmark_config() -> Any:
    """The configuration of sessions in benchmarks."""
    config = protos.ConfigProto()
    off = protos.RewriterConfig.OFF
    config.graph_options.rewrite_options.dependency_optimization = off
    return config


def run_benchmarks(argv: list[str], otherwise: Callable[[list[str]], object]) -> None:
    """Runs the benchmarks that the arguments ask for, or else something else."""
    asked = [item for item in argv if re.match("--?benchmarks=", item)]
    if not asked:
        otherwise(argv)
        return
    pattern = asked[0].partition("=")[2]
    for kind in _registry:
        for name in dir(kind):
            full = f"{kind.__module__}.{kind.__name__}.{name}"
            wanted = pattern == "all" or re.search(pattern, full)
            if name.startswith("benchmark") and wanted:
                getattr(kind(), name)()
