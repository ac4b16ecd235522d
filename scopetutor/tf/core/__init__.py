"""`tensorflow.core`, for programs that made this language their `tensorflow`.

It has the messages of files; see `python` beside it.
"""

from importlib import import_module as _import

_import("scopetutor").as_tensorflow()
_import("scopetutor.evaluator.imports").hand_over(__name__)
