"""`tf.contrib.training.HParams`: named values with types, set from text or a dict.

Stands alone: what a script reads from `--hparams=rate=0.1,layers=3`. TF 1.15: a value
keeps the type that it was first given.
"""

from __future__ import annotations

import json
import numbers
import re
from typing import TYPE_CHECKING, Any, NoReturn

from scopetutor.engine import deprecation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ASSIGNMENT = re.compile(
    r"(?P<name>[a-zA-Z][\w\.]*)"  # learning_rate
    r"(\[\s*(?P<index>\d+)\s*\])?"  # layers[0]
    r"\s*=\s*"
    r"((?P<val>[^,\[]*)|\[(?P<vals>[^\]]*)\])"  # 0.1 or [1,2]
    r"($|,\s*)"
)
_FLAGS = {"true": True, "True": True, "false": False, "False": False}


def parse_values(
    values: str, type_map: Mapping[str, type], ignore_unknown: bool = False
) -> dict[str, Any]:
    """The values in a text such as ``rate=0.1,sizes=[1,2],name=x``.

    Args:
        values: the text.
        type_map: the type of each name.
        ignore_unknown: whether other names are passed over.

    Returns:
        Values by name; lists for ``a=[…]``, dicts by index for ``a[0]=…``.

    Raises:
        ValueError: the text is malformed, or a name has no type or two values.
    """
    found: dict[str, Any] = {}
    at = 0
    while at < len(values):
        match = _ASSIGNMENT.match(values, at)
        if not match:
            raise ValueError(f"Malformed hyperparameter value: {values[at:]}")
        at = match.end()
        name = match["name"]
        if name not in type_map:
            if ignore_unknown:
                continue
            raise ValueError(f"Unknown hyperparameter type for {name}")
        parse = _parser(name, type_map[name], values)
        if match["val"] is not None:
            _enter_one(found, name, match["index"], parse(match["val"]), values)
            continue
        if match["index"] is not None:
            raise ValueError("Assignment of a list to a list index.")
        if name in found:
            _refuse_second(name, values)
        parts = filter(None, re.split("[ ,]", match["vals"]))
        found[name] = [parse(part) for part in parts]
    return found


def _parser(name: str, kind: type, values: str) -> Callable[[str], Any]:
    """What makes a value of a type from text."""

    def parse(text: str) -> Any:
        try:
            if kind is bool:
                return _FLAGS[text] if text in _FLAGS else bool(int(text))
            return _made(kind, text)
        except ValueError:
            raise ValueError(
                f"Could not parse hparam '{name}' of type '{kind.__name__}' with value "
                f"'{text}' in {values}"
            ) from None

    return parse


def _refuse_second(name: str, values: str) -> NoReturn:
    raise ValueError(f"Multiple assignments to variable '{name}' in {values}")


def _enter_one(
    found: dict[str, Any], name: str, index: str | None, value: Any, values: str
) -> None:
    if not index:
        if name in found:
            _refuse_second(name, values)
        found[name] = value
        return
    parts = found.setdefault(name, {})
    if not isinstance(parts, dict):
        _refuse_second(name, values)
    if int(index) in parts:
        _refuse_second(f"{name}[{int(index)}]", values)
    parts[int(index)] = value


def _cast(name: str, kind: type, value: Any) -> Any:
    """A value as one of a parameter's type, if nothing is lost.

    Raises:
        ValueError: text for a number, a flag for a number, or the like.
    """
    if type(value) is kind or issubclass(kind, type(None)):
        return value
    texts = (str, bytes)
    if (
        (issubclass(kind, texts) and not isinstance(value, texts))
        or issubclass(kind, bool) != isinstance(value, bool)
        or (
            issubclass(kind, numbers.Integral)
            and not isinstance(value, numbers.Integral)
        )
        or (issubclass(kind, numbers.Number) and not isinstance(value, numbers.Number))
    ):
        raise ValueError(
            f"Could not cast hparam '{name}' of type '{kind}' from value {value!r}"
        )
    return _made(kind, value)


def _made(kind: Any, value: Any) -> Any:
    return kind(value)


class HParams:
    """Named values with types, as attributes.

    Args:
        hparam_def: a message of TensorFlow; not read here.
        model_structure: anything; kept.
        kwargs: the values by name. Their types stay.
    """

    _HAS_DYNAMIC_ATTRIBUTES = True

    def __init__(
        self, hparam_def: Any = None, model_structure: Any = None, **kwargs: Any
    ) -> None:
        self._hparam_types: dict[str, tuple[type, bool]] = {}
        self._model_structure = model_structure
        if hparam_def:
            raise ValueError("hparam_def is not read here; give the values by name.")
        for name, value in kwargs.items():
            self.add_hparam(name, value)

    def add_hparam(self, name: str, value: Any) -> None:
        """Adds a value, whose type stays.

        Raises:
            ValueError: the name is taken, or the list empty.
        """
        if getattr(self, name, None) is not None:
            raise ValueError(f"Hyperparameter name is reserved: {name}")
        several = isinstance(value, (list, tuple))
        if several and not value:
            raise ValueError(f"Multi-valued hyperparameters cannot be empty: {name}")
        self._hparam_types[name] = (type(value[0] if several else value), several)
        setattr(self, name, value)

    def set_hparam(self, name: str, value: Any) -> None:
        """Changes a value.

        Raises:
            KeyError: there is none of this name.
            ValueError: a list for one value, one for a list, or another type.
        """
        kind, several = self._hparam_types[name]
        if isinstance(value, list):
            if not several:
                raise ValueError(
                    f"Must not pass a list for single-valued parameter: {name}"
                )
            setattr(self, name, [_cast(name, kind, item) for item in value])
            return
        if several:
            raise ValueError(f"Must pass a list for multi-valued parameter: {name}.")
        setattr(self, name, _cast(name, kind, value))

    def del_hparam(self, name: str) -> None:
        """Removes a value, if it is there."""
        if hasattr(self, name):
            delattr(self, name)
            del self._hparam_types[name]

    def parse(self, values: str) -> HParams:
        """Changes values by a text such as ``rate=0.1,sizes=[1,2]``."""
        kinds = {name: kind for name, (kind, _) in self._hparam_types.items()}
        return self.override_from_dict(parse_values(values, kinds))

    def override_from_dict(self, values_dict: Mapping[str, Any]) -> HParams:
        """Changes values by name."""
        for name, value in values_dict.items():
            self.set_hparam(name, value)
        return self

    @deprecation.deprecated(
        "HParams.set_from_map",
        "tensorflow.contrib.training.python.training.hparam",
        "Use `override_from_dict`.",
    )
    def set_from_map(self, values_map: Mapping[str, Any]) -> HParams:
        """Changes values by name."""
        return self.override_from_dict(values_map)

    def set_model_structure(self, model_structure: Any) -> None:
        """Keeps anything."""
        self._model_structure = model_structure

    def get_model_structure(self) -> Any:
        """What was kept."""
        return self._model_structure

    def to_json(
        self, indent: Any = None, separators: Any = None, sort_keys: bool = False
    ) -> str:
        """The values as JSON."""
        return json.dumps(
            self.values(), indent=indent, separators=separators, sort_keys=sort_keys
        )

    def parse_json(self, values_json: str) -> HParams:
        """Changes values by JSON."""
        return self.override_from_dict(json.loads(values_json))

    def values(self) -> dict[str, Any]:
        """All values by name."""
        return {name: getattr(self, name) for name in self._hparam_types}

    def get(self, key: str, default: Any = None) -> Any:
        """A value, or the default.

        Raises:
            ValueError: the default is not of the value's type.
        """
        if key not in self._hparam_types:
            return default
        if default is not None:
            self._check_default(key, default)
        return getattr(self, key)

    def _check_default(self, key: str, default: Any) -> None:
        kind, several = self._hparam_types[key]
        shown = f"list<{kind}>" if several else str(kind)
        message = (
            f"Hparam '{key}' of type '{shown}' is incompatible with default={default}"
        )
        if several != isinstance(default, list):
            raise ValueError(message)
        try:
            for value in default if several else [default]:
                _cast(key, kind, value)
        except ValueError as error:
            raise ValueError(f"{message}. {error}") from None

    def __contains__(self, key: str) -> bool:
        return key in self._hparam_types

    def __str__(self) -> str:
        return ",".join(f"{name}={value}" for name, value in self.values().items())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({sorted(self.values().items())})"
