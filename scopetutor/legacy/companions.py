"""`six` and `absl`: they came with TensorFlow 1, and old scripts import them too.

Where they are installed, they are used. Where not, `host` has the few parts that
scripts use be found here: `six` by this table, `absl` in `tf.app`, `tf.flags` and
`tf.logging`, which were made from it, and in `parameterized`; of Google's protocol
buffers, the text of messages.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# What `six` has in Python 3, and where Python 3 has what it has moved.
SIX = {
    "PY2": False, "PY3": True, "PY34": True, "string_types": (str,),
    "integer_types": (int,), "class_types": (type,), "text_type": str,
    "binary_type": bytes, "MAXSIZE": sys.maxsize, "unichr": chr, "int2byte":
    lambda number: bytes((number,)), "b": lambda text: text.encode("latin-1"),
    "u": str, "next": next, "advance_iterator": next, "callable": callable,
}  # fmt: skip
MOVES = {
    "range": "builtins.range", "xrange": "builtins.range", "zip": "builtins.zip",
    "map": "builtins.map", "filter": "builtins.filter", "input": "builtins.input",
    "zip_longest": "itertools.zip_longest", "reduce": "functools.reduce",
    "filterfalse": "itertools.filterfalse", "reload_module": "importlib.reload",
    "getcwd": "os.getcwd", "intern": "sys.intern", "StringIO": "io.StringIO",
    "cStringIO": "io.StringIO", "cPickle": "pickle", "queue": "queue",
    "configparser": "configparser", "builtins": "builtins", "http_client":
    "http.client", "html_parser": "html.parser", "tkinter": "tkinter",
    "urllib": "urllib", "urllib.request": "urllib.request", "urllib.parse":
    "urllib.parse", "urllib.error": "urllib.error", "UserDict":
    "collections.UserDict", "UserList": "collections.UserList",
    "socketserver": "socketserver", "copyreg": "copyreg", "shlex_quote": "shlex.quote",
}  # fmt: skip
ABSL = {
    "absl.app": "scopetutor.tf.app",
    "absl.flags": "scopetutor.tf.flags",
    "absl.logging": "scopetutor.tf.logging",
    "absl.testing.absltest": "unittest",
    "absl.testing.parameterized": "scopetutor.legacy.parameterized",
    "google.protobuf.any_pb2": "scopetutor.formats.protos",
    "google.protobuf.text_format": "scopetutor.formats.text_format",
}


_PACKAGES = ("six", "six.moves", "absl", "absl.testing", "google", "google.protobuf")


class Companions:
    """Finds `six`, `absl` and parts of `protobuf` where they are not installed."""

    def install(self) -> None:
        """Puts it after Python's own finders."""
        sys.meta_path.append(self)

    def find_spec(
        self, name: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of one of their modules; None for all others."""
        del path, target
        first = name.partition(".")[0]
        if first not in ("six", "absl", "google") or not _is_known(name):
            return None
        loader: Any = self
        return importlib.machinery.ModuleSpec(name, loader, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        """The module."""
        name = spec.name
        if name == "six":
            return _six()
        if name in _PACKAGES and name != "six.moves":
            return _Lazy(name, lambda inner: importlib.import_module(f"{name}.{inner}"))
        if name == "six.moves":
            return _Lazy(name, lambda inner: _place(MOVES[inner]))
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Puts the module of Python or scopetutor's where Python will look for it."""
        name = module.__name__
        if name in ABSL:
            sys.modules[name] = importlib.import_module(ABSL[name])
        elif name.startswith("six.moves."):
            sys.modules[name] = _place(MOVES[name.removeprefix("six.moves.")])


def _is_known(name: str) -> bool:
    moved = name.removeprefix("six.moves.")
    return name in _PACKAGES or name in ABSL or moved in MOVES


class _Lazy(ModuleType):
    """A module whose names are looked up when they are asked for."""

    def __init__(self, name: str, find: Callable[[str], Any]) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self._find = find

    def __getattr__(self, name: str) -> Any:
        try:
            found = self._find(name)
        except (KeyError, ImportError):
            raise AttributeError(
                f"module {self.__name__!r} has no attribute {name!r}"
            ) from None
        setattr(self, name, found)
        return found


def _place(where: str) -> Any:
    """What has a full name, such as "functools.reduce" or "urllib.parse"."""
    module, _, name = where.rpartition(".")
    try:
        return importlib.import_module(where)
    except ImportError:
        return getattr(importlib.import_module(module), name)


def _six() -> ModuleType:
    module = _Lazy("six", lambda name: importlib.import_module(f"six.{name}"))
    module.__dict__.update(SIX)
    for name in ("items", "values", "keys"):
        module.__dict__[f"iter{name}"] = _method(name, iter)
        module.__dict__[f"view{name}"] = _method(name, lambda view: view)
    module.__dict__.update(
        add_metaclass=_add_metaclass,
        with_metaclass=lambda meta, *bases: meta("Base", bases or (object,), {}),
        python_2_unicode_compatible=lambda kind: kind,
        raise_from=_raise_from,
        reraise=_reraise,
        ensure_str=_as_text,
        ensure_text=_as_text,
    )
    return module


def _method(name: str, wrap: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda mapping: wrap(getattr(mapping, name)())


def _add_metaclass(meta: type) -> Callable[[type], type]:
    """A class decorator: the class with a metaclass."""

    def decorate(kind: type) -> type:
        names = {
            name: value
            for name, value in vars(kind).items()
            if name not in ("__dict__", "__weakref__")
        }
        made: type = meta(kind.__name__, kind.__bases__, names)
        return made

    return decorate


def _raise_from(error: BaseException, cause: BaseException | None) -> None:
    raise error from cause


def _reraise(kind: Any, error: BaseException | None, trace: Any = None) -> None:
    raise (kind() if error is None else error).with_traceback(trace)


def _as_text(text: str | bytes, encoding: str = "utf-8") -> str:
    return text.decode(encoding) if isinstance(text, bytes) else text
