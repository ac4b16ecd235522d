"""An interactive tutor and REPL for TensorFlow 1.x variables and scopes."""

__version__ = "0.1.0"
