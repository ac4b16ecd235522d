"""What of `tensorflow.python.training.tracking` a Saver asks: who says what to save.

An object whose `_gather_saveables_for_checkpoint` names its parts may be given to a
Saver; ``training/saveable.py`` asks it.
"""

from __future__ import annotations

from typing import Any

VARIABLE_VALUE_KEY = "VARIABLE_VALUE"
"""TF 1.15: the part that is saved under the object's own name."""


class Trackable:
    """An object that may say itself what of it is saved."""

    def _gather_saveables_for_checkpoint(self) -> dict[str, Any]:
        """Its parts by name: saveables, or functions that make them."""
        return {}


class AutoTrackable(Trackable):
    """An object that may have others for attributes."""
