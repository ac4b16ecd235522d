"""`tf.flags`, which is also `tf.app.flags`: options of a script on its command line.

From ``engine/flags.py`` and two files beside it. `tf.flags.FLAGS` is one object for all
modules of a program, as with absl.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.flags": "BooleanFlag DEFINE DEFINE_alias DEFINE_bool DEFINE_boolean "
        "DEFINE_enum DEFINE_flag DEFINE_float DEFINE_integer DEFINE_list DEFINE_multi "
        "DEFINE_multi_enum DEFINE_multi_float DEFINE_multi_integer "
        "DEFINE_multi_string DEFINE_spaceseplist DEFINE_string EnumFlag FLAGS Flag "
        "FlagValues MultiFlag mark_flag_as_required mark_flags_as_required "
        "register_validator validator",
        "engine.flag_errors": "DuplicateFlagError Error IllegalFlagValueError "
        "UnparsedFlagAccessError UnrecognizedFlagError ValidationError",
        "engine.flag_parsers": "ArgumentParser BooleanParser EnumParser FloatParser "
        "IntegerParser ListParser WhitespaceSeparatedListParser",
    },
)
