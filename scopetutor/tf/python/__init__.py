"""`tensorflow.python`, for programs that made this language their `tensorflow`.

    sys.modules["tensorflow"] = scopetutor.tf
    from tensorflow.python.framework import ops

Python comes here then, by the path of the language, and is handed on to the modules
that the table of old paths puts together.
"""

from importlib import import_module as _import

_import("scopetutor").as_tensorflow()
_import("scopetutor.evaluator.imports").hand_over(__name__)
