"""`tf.test.StubOutForTesting`: attributes that are others for the time of a test.

Stands alone, beside ``case.py``; today one would use `mock.patch`.
"""

from __future__ import annotations

import inspect
from typing import Any


class StubOutForTesting:
    """Sets attributes, and sets them back when it is cleaned up or forgotten."""

    def __init__(self) -> None:
        self.cache: list[tuple[Any, str, Any]] = []
        self.stubs: list[tuple[Any, str, Any]] = []

    def __del__(self) -> None:
        """Forgotten: everything is as before."""
        self.CleanUp()

    def __enter__(self) -> StubOutForTesting:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.CleanUp()

    def CleanUp(self) -> None:
        """Sets everything back."""
        self.SmartUnsetAll()
        self.UnsetAll()

    def SmartSet(self, obj: Any, attr_name: str, new_attr: Any) -> None:
        """Sets an attribute of a module, a class, or the class of an object.

        TF 1.15: what is set back then is the class's own, also if it was inherited.

        Raises:
            AttributeError: there is no such attribute.
        """
        owner = obj
        if not inspect.ismodule(obj) and not inspect.isclass(obj):
            owner = obj if attr_name in vars(obj) else type(obj)
        try:
            before = getattr(obj, attr_name)
        except AttributeError:
            raise AttributeError("Attribute not found.") from None
        if isinstance(vars(obj).get(attr_name), staticmethod):
            before = staticmethod(before)
        self.stubs.append((owner, attr_name, before))
        setattr(owner, attr_name, new_attr)

    def SmartUnsetAll(self) -> None:
        """Sets back what `SmartSet` has set, the last first."""
        while self.stubs:
            setattr(*self.stubs.pop())

    def Set(self, parent: Any, child_name: str, new_child: Any) -> None:
        """Sets an attribute of an object, a class or a module."""
        before = getattr(parent, child_name)
        if isinstance(inspect.getattr_static(parent, child_name), staticmethod):
            before = staticmethod(before)
        self.cache.append((parent, child_name, before))
        setattr(parent, child_name, new_child)

    def UnsetAll(self) -> None:
        """Sets back what `Set` has set, the last first."""
        while self.cache:
            setattr(*self.cache.pop())
