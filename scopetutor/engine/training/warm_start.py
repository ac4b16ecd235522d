"""`tf.train.warm_start`: variables of a new model from the checkpoint of an old one.

After ``checkpoint_utils.py``, whose `init_from_checkpoint` does the work.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from scopetutor.engine import defaults, tf_logging
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.op_errors import NotFoundError, UnimplementedError
from scopetutor.engine.partitions import PartitionedVariable

from .checkpoint_utils import checkpoint_of, init_from_checkpoint, is_variable
from .saveable import op_list_to_dict
from .saver import object_graph_key_mapping

_VocabInfo = namedtuple(  # TensorFlow's own form
    "_VocabInfo",
    [
        "new_vocab",
        "new_vocab_size",
        "num_oov_buckets",
        "old_vocab",
        "old_vocab_size",
        "backup_initializer",
        "axis",
    ],
)


class VocabInfo(_VocabInfo):
    """How the words of a new vocabulary map to those of an old one."""

    __slots__ = ()

    def __new__(  # noqa: D102 - see the class
        cls,
        new_vocab: Any,
        new_vocab_size: Any,
        num_oov_buckets: Any,
        old_vocab: Any,
        old_vocab_size: int = -1,
        backup_initializer: Any = None,
        axis: int = 0,
    ) -> VocabInfo:
        if axis not in (0, 1):
            raise ValueError(
                "The only supported values for the axis argument are 0 and 1.  "
                f"Provided axis: {axis}"
            )
        return super().__new__(
            cls,
            new_vocab,
            new_vocab_size,
            num_oov_buckets,
            old_vocab,
            old_vocab_size,
            backup_initializer,
            axis,
        )


def _key_of(variables: list[Any]) -> str:
    """The key under which some variables, or parts of one, are saved."""
    keys = op_list_to_dict(variables)
    if len(keys) > 1:
        raise TypeError(
            f"`var` = {variables} passed as arg violates the constraints.  "
            f"name_to_var_dict = {keys}"
        )
    key: str = next(iter(keys))
    return key


def _grouped(vars_to_warm_start: Any) -> dict[str, list[Any]]:
    """The variables to initialize, by key."""
    graph = defaults.get_default_graph()
    wanted = vars_to_warm_start
    if isinstance(wanted, str) or wanted is None:
        tf_logging.info("Warm-starting variables only in TRAINABLE_VARIABLES.")
        variables = graph.get_collection(GraphKeys.TRAINABLE_VARIABLES, scope=wanted)
    elif not isinstance(wanted, list):
        raise ValueError(
            "`vars_to_warm_start must be a `list` or `str`.  Given type is "
            f"{type(wanted)}"
        )
    elif all(isinstance(item, str) for item in wanted):
        variables = [
            variable
            for scope in wanted
            for variable in graph.get_collection(GraphKeys.GLOBAL_VARIABLES, scope)
        ]
    elif all(map(is_variable, wanted)):
        variables = wanted
    else:
        raise ValueError(
            "If `vars_to_warm_start` is a list, it must be all `Variable` or all "
            f"`str`.  Given types are {[type(item) for item in wanted]}"
        )
    groups: dict[str, list[Any]] = {}
    for variable in variables:
        key = _key_of(variable if isinstance(variable, list) else [variable])
        groups.setdefault(key, []).append(variable)
    return groups


def _checked(variable: Any) -> Any:
    """A variable, or the list of the parts of one."""
    if isinstance(variable, PartitionedVariable):
        return variable._get_variable_list()
    if is_variable(variable) or (
        isinstance(variable, list) and all(map(is_variable, variable))
    ):
        return variable
    raise TypeError(
        "var MUST be one of the following: a Variable, list of Variable or "
        f"PartitionedVariable, but is {type(variable)}"
    )


def _renames(path: Any, keys: Any) -> dict[str, str]:
    """The keys of variables in a checkpoint of objects; empty for other ones."""
    try:
        mapping = object_graph_key_mapping(checkpoint_of(path))
    except NotFoundError:
        return {}
    missing = set(keys) - set(mapping)
    if missing:
        raise ValueError(
            "Attempting to warm-start from an object-based checkpoint, but found that "
            "the checkpoint did not contain values for all variables. The following "
            f"variables were missing: {missing}"
        )
    return {key: mapping[key] for key in keys}


def warm_start(
    ckpt_to_initialize_from: Any,
    vars_to_warm_start: Any = ".*",
    var_name_to_vocab_info: Any = None,
    var_name_to_prev_var_name: Any = None,
) -> None:
    """Makes variables get their initial values from an older checkpoint.

    Args:
        ckpt_to_initialize_from: the checkpoint.
        vars_to_warm_start: a regular expression for trainable variables, a list of
            them for global ones, variables, or None for all trainable ones.
        var_name_to_vocab_info: variables whose rows stand for words of a vocabulary;
            scopetutor does not map vocabularies.
        var_name_to_prev_var_name: key of a variable -> its key in the checkpoint.

    Raises:
        ValueError: a name was given that no variable has.
        UnimplementedError: a variable comes with a vocabulary.
    """
    tf_logging.info(f"Warm-starting from: {ckpt_to_initialize_from}")
    groups = _grouped(vars_to_warm_start)
    vocabularies = var_name_to_vocab_info or {}
    previous = var_name_to_prev_var_name or _renames(ckpt_to_initialize_from, groups)
    assignment = {}
    for key, variables in groups.items():
        if key in vocabularies:
            raise UnimplementedError(
                None,
                None,
                "scopetutor does not map vocabularies in tf.train.warm_start",
            )
        if vars_to_warm_start:
            variable = variables[0] if len(variables) == 1 else variables
            tf_logging.debug(
                "Warm-starting variable: %s; prev_var_name: %s",
                key,
                previous.get(key) or "Unchanged",
            )
            assignment[previous.get(key) or key] = _checked(variable)
    init_from_checkpoint(ckpt_to_initialize_from, assignment)
    tf_logging.info("Warm-started %d variables.", len(assignment))
    for argument, given in (
        ("var_name_to_prev_var_name", previous),
        ("var_name_to_vocab_info", vocabularies),
    ):
        _check_used(argument, set(given) - set(groups), groups)


def _check_used(argument: str, unused: set[str], groups: Any) -> None:
    if not unused:
        return
    space = " " if argument == "var_name_to_vocab_info" else ""
    raise ValueError(
        f"You provided the following variables in {argument} that were not used: "
        f"{unused}. {space} Perhaps you misspelled them?  Here is the list of viable "
        f"variable names: {groups.keys()}"
    )
