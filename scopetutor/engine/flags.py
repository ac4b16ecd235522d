"""`tf.flags`: options of a script on its command line, as TF 1.15 takes them from absl.

    tf.flags.DEFINE_integer("steps", 100, "How many.")     --steps=5 or --steps 5
    tf.flags.DEFINE_boolean("train", True, "Whether to.")  --train or --notrain
    tf.flags.FLAGS.steps                                   its value

`app` reads the command line before it calls `main`, and leaves alone what it does not
know; the first use of a flag without `app` refuses what it does not know.
"""

from __future__ import annotations

import os
import sys
import textwrap
from typing import TYPE_CHECKING, Any

from .flag_errors import (
    DuplicateFlagError,
    Error,
    IllegalFlagValueError,
    UnrecognizedFlagError,
    ValidationError,
)
from .flag_parsers import (
    ArgumentParser,
    BooleanParser,
    EnumParser,
    FloatParser,
    IntegerParser,
    ListParser,
    WhitespaceSeparatedListParser,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_WIDTH = 80


# -- flags -----------------------------------------------------------------------------


class Flag:
    """A flag and its value.

    Attributes:
        name, short_name, help: as they were given.
        default: before the command line is read.
        value: now.
        present: how often it was on the command line.
        boolean: whether `--noname` sets it to False.
        multiple: whether each use adds to a list.
    """

    boolean = multiple = False

    def __init__(
        self,
        parser: ArgumentParser,
        serializer: Any,
        name: str,
        default: Any,
        help_string: Any,
        short_name: str | None = None,
        boolean: bool = False,
        allow_overwrite: bool = True,
    ) -> None:
        del serializer, allow_overwrite
        self.name, self.short_name = name, short_name
        self.help = help_string or "(no help available)"
        self.parser = parser
        self.boolean = boolean
        self.present = 0
        self.using_default_value = True
        self.validators: list[tuple[Callable[[Any], Any], str]] = []
        self._set_default(default)

    def _set_default(self, default: Any) -> None:
        self.default_unparsed = default
        self.default: Any = None if default is None else self._parsed(default)
        if self.using_default_value:
            self.value: Any = self.default

    def _parsed(self, argument: Any) -> Any:
        try:
            return self.parser.parse(argument)
        except (TypeError, ValueError, OverflowError) as error:
            raise IllegalFlagValueError(
                f"flag --{self.name}={argument}: {error}"
            ) from None

    def parse(self, argument: Any) -> None:
        """Takes a value from the command line."""
        self.value = self._parsed(argument)
        self.present += 1
        self.using_default_value = False

    def unparse(self) -> None:
        """Takes back what the command line said."""
        self.value, self.present, self.using_default_value = self.default, 0, True

    def spelt(self) -> str:
        """The value as a command line would have it."""
        if self.boolean:
            return f"--{'' if self.value else 'no'}{self.name}"
        values = self.value if self.multiple else [self.value]
        return "\n".join(f"--{self.name}={self._text(value)}" for value in values)

    def _text(self, value: Any) -> str:
        return ",".join(map(str, value)) if isinstance(value, list) else str(value)

    def described(self) -> list[str]:
        """The lines of `--help` about it."""
        short = f"-{self.short_name}," if self.short_name else ""
        name = f"--[no]{self.name}" if self.boolean else f"--{self.name}"
        words = ""
        if isinstance(self.parser, EnumParser):
            words = f"<{'|'.join(self.parser.enum_values)}>: "
        tail = ";" if self.multiple else ""
        text = f"{short}{name}: {words}{self.help}{tail}"
        lines = textwrap.wrap(
            text, _WIDTH, initial_indent="  ", subsequent_indent="    "
        )
        if self.multiple:
            lines.append("    repeat this option to specify a list of values")
        if self.default_unparsed is not None:
            shown = self.default_unparsed
            if self.boolean:
                shown = "true" if self.default else "false"
            elif not self.multiple and isinstance(shown, list):
                shown = self._text(shown)
            lines.append(f"    (default: '{shown}')")
        if self.parser.syntactic_help:
            lines.append(f"    ({self.parser.syntactic_help})")
        return lines


class BooleanFlag(Flag):
    """A flag that is set or not."""

    def __init__(
        self,
        name: str,
        default: Any,
        help: Any,
        short_name: str | None = None,
        **args: Any,
    ) -> None:
        super().__init__(
            BooleanParser(), None, name, default, help, short_name, True, **args
        )


class EnumFlag(Flag):
    """A flag that is one of some words."""

    def __init__(
        self,
        name: str,
        default: Any,
        help: Any,
        enum_values: Sequence[str],
        short_name: str | None = None,
        case_sensitive: bool = True,
        **args: Any,
    ) -> None:
        parser = EnumParser(enum_values, case_sensitive)
        super().__init__(parser, None, name, default, help, short_name, **args)


class MultiFlag(Flag):
    """A flag that may be given again and again."""

    multiple = True

    def _parsed(self, argument: Any) -> Any:
        values = argument if isinstance(argument, (list, tuple)) else [argument]
        parse = super()._parsed
        return [parse(value) for value in values]

    def parse(self, argument: Any) -> None:
        """Adds a value."""
        before = list(self.value) if self.present else []
        super().parse(argument)
        self.value = before + self.value


class FlagValues:
    """All flags, and their values as attributes."""

    def __init__(self) -> None:
        state = self.__dict__
        state["__flags"] = {}
        state["_places"] = {}
        state["_parsed"] = False
        state["_checks"] = []

    def _flags(self) -> dict[str, Flag]:
        flags: dict[str, Flag] = self.__dict__["__flags"]
        return flags

    # -- as a mapping ----------------------------------------------------------

    def __getitem__(self, name: str) -> Flag:
        return self._flags()[name]

    def __setitem__(self, name: str, flag: Flag) -> None:
        self._add(name, flag, sys._getframe(1).f_globals.get("__name__", ""))

    def __contains__(self, name: str) -> bool:
        return name in self._flags()

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._flags()))

    def __len__(self) -> int:
        return len(self._flags())

    def __dir__(self) -> list[str]:
        return sorted(self._flags())

    def _add(self, name: str, flag: Flag, place: str) -> None:
        for known in filter(None, (name, flag.short_name)):
            found = self._flags().get(known)
            if found is not None and self.__dict__["_places"].get(known) != place:
                first = self.__dict__["_places"].get(known)
                raise DuplicateFlagError(
                    f"The flag '{known}' is defined twice. First from {first}, Second "
                    f"from {place}.  Description from first occurrence: {found.help}"
                )
            self._flags()[known] = flag
            self.__dict__["_places"][known] = place

    # -- as attributes ---------------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        flag = self.__dict__["__flags"].get(name)
        if flag is None:
            raise AttributeError(name)
        if not self.__dict__["_parsed"]:
            self(sys.argv)
        return flag.value

    def __setattr__(self, name: str, value: Any) -> None:
        flag = self._flags().get(name)
        if flag is None:
            raise AttributeError(name)
        flag.value = value
        flag.using_default_value = False
        self._check(flag)

    def __delattr__(self, name: str) -> None:
        flag = self._flags().pop(name, None)
        if flag is None:
            raise AttributeError(name)
        for known in [known for known, other in self._flags().items() if other is flag]:
            del self._flags()[known]

    # -- the command line ------------------------------------------------------

    def __call__(self, argv: Sequence[str], known_only: bool = False) -> list[str]:
        """Takes the values of flags out of a command line; what is left of it.

        Raises:
            UnrecognizedFlagError: there is no such flag, and `known_only` is not set.
            IllegalFlagValueError: a flag cannot have the value.
        """
        left = [argv[0]]
        words = iter(list(argv[1:]))
        for word in words:
            if word == "--":
                left.extend([word] if known_only else [])
                left.extend(words)
            elif not word.startswith("-") or word == "-":
                left.append(word)
            elif not self._take(word, words):
                if not known_only:
                    name = word.lstrip("-").partition("=")[0]
                    raise UnrecognizedFlagError(name, word, self._near(name))
                left.append(word)
        self.__dict__["_parsed"] = True
        for flag in set(self._flags().values()):
            self._check(flag)
        return left

    def _take(self, word: str, more: Iterator[str]) -> bool:
        """Gives a flag the value it has in a word; whether there is such a flag."""
        name, given, value = word.lstrip("-").partition("=")
        name = name.replace("-", "_") if name not in self._flags() else name
        flag = self._flags().get(name)
        if flag is None:
            flag = self._flags().get(name.removeprefix("no"))
            if flag is None or not flag.boolean or not name.startswith("no"):
                return False
            if given:
                raise IllegalFlagValueError(f"{word} does not take an argument")
            flag.parse("false")
        elif flag.boolean:
            flag.parse(value if given else "true")
        else:
            if not given:
                missing = Error(f"Missing value for flag {word}")
                value = next(more, "")
                if not value:
                    raise missing
            flag.parse(value)
        return True

    def _near(self, name: str) -> list[str]:
        import difflib  # noqa: PLC0415 - only for a wrong name

        return difflib.get_close_matches(name, list(self._flags()), n=3, cutoff=0.8)

    def _check(self, flag: Flag) -> None:
        """Asks the validators of a flag.

        Raises:
            IllegalFlagValueError: one says no.
        """
        for is_valid, message in flag.validators:
            why = message
            try:
                fine = is_valid(flag.value)
            except ValidationError as error:
                fine, why = False, str(error)
            if not fine:
                raise IllegalFlagValueError(f"flag --{flag.name}={flag.value}: {why}")

    def is_parsed(self) -> bool:
        """Whether the command line was read."""
        return bool(self.__dict__["_parsed"])

    def mark_as_parsed(self) -> None:
        """Takes the command line for read."""
        self.__dict__["_parsed"] = True

    def unparse_flags(self) -> None:
        """Takes back what the command line said."""
        for flag in self._flags().values():
            flag.unparse()
        self.__dict__["_parsed"] = False

    def set_default(self, name: str, value: Any) -> None:
        """Gives a flag another default."""
        if name not in self:
            raise AttributeError(name)
        self[name]._set_default(value)

    def flag_values_dict(self) -> dict[str, Any]:
        """All values by name."""
        return {name: flag.value for name, flag in self._flags().items()}

    def flags_into_string(self) -> str:
        """The values as a command line, one flag on each line."""
        flags = {flag.name: flag for flag in self._flags().values()}
        told = [flag.spelt() for flag in flags.values() if flag.value is not None]
        return "\n".join(told) + "\n"

    def main_module_help(self) -> str:
        """What `--help` says of the flags of the script itself."""
        return self._told(["__main__"])

    def get_help(self) -> str:
        """What `--helpfull` says of all flags."""
        places = sorted({*self.__dict__["_places"].values()}, key=_script_first)
        return self._told(places)

    def _told(self, places: list[str]) -> str:
        told = []
        for place in places:
            flags = {
                flag.name: flag
                for name, flag in self._flags().items()
                if self.__dict__["_places"].get(name) == place
            }
            if flags:
                title = os.path.basename(sys.argv[0]) if place == "__main__" else place
                lines = [
                    line for name in sorted(flags) for line in flags[name].described()
                ]
                told.append("\n".join([f"{title}:", *lines]))
        return "\n\n".join(told)


def _script_first(place: str) -> tuple[bool, str]:
    return place != "__main__", place


FLAGS = FlagValues()


# -- definitions -----------------------------------------------------------------------


def DEFINE_flag(
    flag: Flag, flag_values: FlagValues = FLAGS, module_name: str | None = None,
    required: bool = False,
) -> None:  # fmt: skip
    """Adds a flag that was made."""
    place = module_name or _caller()
    flag_values._add(flag.name, flag, place)
    if required:
        mark_flag_as_required(flag.name, flag_values)


def _caller() -> str:
    """The name of the module that defines a flag."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__") == __name__:
        frame = frame.f_back
    return str(frame.f_globals.get("__name__", ""))


def DEFINE(
    parser: ArgumentParser, name: str, default: Any, help: Any,
    flag_values: FlagValues = FLAGS, serializer: Any = None,
    module_name: str | None = None, required: bool = False, **args: Any,
) -> None:  # fmt: skip
    """Adds a flag with a parser of its own."""
    flag = Flag(parser, serializer, name, default, help, **args)
    DEFINE_flag(flag, flag_values, module_name, required)


def DEFINE_string(
    name: str, default: Any, help: Any, flag_values: FlagValues = FLAGS,
    required: bool = False, **args: Any,
) -> None:  # fmt: skip
    """Adds a flag that is a text."""
    flag = Flag(ArgumentParser(), None, name, default, help, **args)
    DEFINE_flag(flag, flag_values, required=required)


def DEFINE_boolean(
    name: str, default: Any, help: Any, flag_values: FlagValues = FLAGS,
    module_name: str | None = None, required: bool = False, **args: Any,
) -> None:  # fmt: skip
    """Adds a flag that is set or not."""
    flag = BooleanFlag(name, default, help, **args)
    DEFINE_flag(flag, flag_values, module_name, required)


DEFINE_bool = DEFINE_boolean


def DEFINE_integer(
    name: str, default: Any, help: Any, lower_bound: Any = None,
    upper_bound: Any = None, flag_values: FlagValues = FLAGS, required: bool = False,
    **args: Any,
) -> None:  # fmt: skip
    """Adds a flag that is a whole number."""
    parser = IntegerParser(lower_bound, upper_bound)
    flag = Flag(parser, None, name, default, help, **args)
    DEFINE_flag(flag, flag_values, required=required)


def DEFINE_float(
    name: str, default: Any, help: Any, lower_bound: Any = None,
    upper_bound: Any = None, flag_values: FlagValues = FLAGS, required: bool = False,
    **args: Any,
) -> None:  # fmt: skip
    """Adds a flag that is a number."""
    parser = FloatParser(lower_bound, upper_bound)
    flag = Flag(parser, None, name, default, help, **args)
    DEFINE_flag(flag, flag_values, required=required)


def DEFINE_enum(
    name: str, default: Any, enum_values: Sequence[str], help: Any,
    flag_values: FlagValues = FLAGS, module_name: str | None = None,
    required: bool = False, **args: Any,
) -> None:  # fmt: skip
    """Adds a flag that is one of some words."""
    flag = EnumFlag(name, default, help, enum_values, **args)
    DEFINE_flag(flag, flag_values, module_name, required)


def DEFINE_list(
    name: str, default: Any, help: Any, flag_values: FlagValues = FLAGS,
    required: bool = False, **args: Any,
) -> None:  # fmt: skip
    """Adds a flag that is a list with commas."""
    flag = Flag(ListParser(), None, name, default, help, **args)
    DEFINE_flag(flag, flag_values, required=required)


def DEFINE_spaceseplist(
    name: str, default: Any, help: Any, comma_compat: bool = False,
    flag_values: FlagValues = FLAGS, required: bool = False, **args: Any,
) -> None:  # fmt: skip
    """Adds a flag that is a list with spaces."""
    del comma_compat
    flag = Flag(WhitespaceSeparatedListParser(), None, name, default, help, **args)
    DEFINE_flag(flag, flag_values, required=required)


def DEFINE_multi(
    parser: ArgumentParser, serializer: Any, name: str, default: Any, help: Any,
    flag_values: FlagValues = FLAGS, module_name: str | None = None,
    required: bool = False, **args: Any,
) -> None:  # fmt: skip
    """Adds a flag that may be given again and again."""
    flag = MultiFlag(parser, serializer, name, default, help, **args)
    DEFINE_flag(flag, flag_values, module_name, required)


def DEFINE_multi_string(
    name: str, default: Any, help: Any, flag_values: FlagValues = FLAGS,
    required: bool = False, **args: Any,
) -> None:  # fmt: skip
    """Adds a flag of texts."""
    flag = MultiFlag(ArgumentParser(), None, name, default, help, **args)
    DEFINE_flag(flag, flag_values, required=required)


def DEFINE_multi_integer(
    name: str, default: Any, help: Any, lower_bound: Any = None,
    upper_bound: Any = None, flag_values: FlagValues = FLAGS, required: bool = False,
    **args: Any,
) -> None:  # fmt: skip
    """Adds a flag of whole numbers."""
    parser = IntegerParser(lower_bound, upper_bound)
    flag = MultiFlag(parser, None, name, default, help, **args)
    DEFINE_flag(flag, flag_values, required=required)


def DEFINE_multi_float(
    name: str, default: Any, help: Any, lower_bound: Any = None,
    upper_bound: Any = None, flag_values: FlagValues = FLAGS, required: bool = False,
    **args: Any,
) -> None:  # fmt: skip
    """Adds a flag of numbers."""
    parser = FloatParser(lower_bound, upper_bound)
    flag = MultiFlag(parser, None, name, default, help, **args)
    DEFINE_flag(flag, flag_values, required=required)


def DEFINE_multi_enum(
    name: str, default: Any, enum_values: Sequence[str], help: Any,
    flag_values: FlagValues = FLAGS, case_sensitive: bool = True,
    required: bool = False, **args: Any,
) -> None:  # fmt: skip
    """Adds a flag of words."""
    parser = EnumParser(enum_values, case_sensitive)
    flag = MultiFlag(parser, None, name, default, help, **args)
    DEFINE_flag(flag, flag_values, required=required)


def DEFINE_alias(
    name: str, original_name: str, flag_values: FlagValues = FLAGS,
    module_name: str | None = None,
) -> None:  # fmt: skip
    """Gives a flag a second name.

    Raises:
        KeyError: there is no such flag.
    """
    if original_name not in flag_values:
        raise KeyError(f"flag {original_name!r} is not known")
    flag_values._add(name, flag_values[original_name], module_name or _caller())


# -- what must hold of values ----------------------------------------------------------


def register_validator(
    flag_name: str, checker: Callable[[Any], Any],
    message: str = "Flag validation failed", flag_values: FlagValues = FLAGS,
) -> None:  # fmt: skip
    """Refuses values of a flag that a function does not like."""
    flag_values[flag_name].validators.append((checker, message))
    if flag_values.is_parsed():
        flag_values._check(flag_values[flag_name])


def validator(
    flag_name: str, message: str = "Flag validation failed",
    flag_values: FlagValues = FLAGS,
) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:  # fmt: skip
    """Decorator: the function checks a flag."""

    def decorate(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        register_validator(flag_name, function, message, flag_values)
        return function

    return decorate


def mark_flag_as_required(flag_name: str, flag_values: FlagValues = FLAGS) -> None:
    """Refuses a command line without a flag."""
    register_validator(
        flag_name,
        lambda value: value is not None,
        f"Flag --{flag_name} must have a value other than None.",
        flag_values,
    )


def mark_flags_as_required(
    flag_names: Sequence[str], flag_values: FlagValues = FLAGS
) -> None:
    """Refuses a command line without one of some flags."""
    for name in flag_names:
        mark_flag_as_required(name, flag_values)
