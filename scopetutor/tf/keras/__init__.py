"""`tf.keras`: its layers and what they are made of; models are not here."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {},
    submodules="activations backend constraints initializers layers regularizers",
)
