"""Wrong versions of single rules of the engine, for asking whether tests notice.

    python tests/conformance/mutants.py [NAME …]

For each mutant, the first program of the golden set that tells it from TensorFlow is
looked up and printed; `test_mutants.py` keeps these and holds the programs to it.
"""

import contextlib
import importlib
import inspect
import sys
import textwrap

import numpy as np
from compare import differences
from generated import KNOWN, recorded
from replay import transcripts

# name: (module of the engine, function or method, what is replaced, by what)
MUTANTS = {
    "reuse is not inherited": (
        "entering", "_VariableScopeOnly._enter",
        "self._flag = self._flag or old._reuse", "pass",
    ),
    "AUTO_REUSE is True": (
        "store", "VariableStore._get_single_variable",
        "if reuse is True:", "if reuse:",
    ),
    "an existing variable is always shared": (
        "store", "VariableStore._get_single_variable",
        "if reuse is False:", "if None:",
    ),
    "shape and type are not compared on reuse": (
        "store", "_check_fits",
        "if type(found) is RefVariable:", "return\n    if type(found) is RefVariable:",
    ),
    "a value may come with a shape": (
        "store", "VariableStore._get_single_variable",
        "if shape is not None and from_value:", "if None:",
    ),
    "unique names keep case apart": (
        "graph_names", "Names._unique_inside", "key = name.lower()", "key = name",
    ),
    "a taken name counts from 2": (
        "graph_names", "Names._unique_inside", "in_use[key] = count + 1", "in_use[key] = count + 2",
    ),
    "a name scope that ends in / is made unique": (
        "graph_names", "Names.open_name", 'if name[-1] == "/":', "if None:",
    ),
    "a captured scope keeps the name scope": (
        "entering", "variable_scope._name_scope_asked_for",
        'given.name.split("/")[-1]', "None",
    ),
    "the initializer is not inherited": (
        "entering", "_VariableScopeOnly._derived",
        "settings = base._settings", "settings = base._settings._replace(initializer=None)",
    ),
    "the regularizer is not inherited": (
        "entering", "_VariableScopeOnly._derived",
        "settings = base._settings", "settings = base._settings._replace(regularizer=None)",
    ),
    "the type is not inherited": (
        "entering", "_VariableScopeOnly._derived",
        "settings = base._settings",
        "settings = base._settings._replace(dtype=dtypes.float32)",
    ),
    "use_resource is not inherited": (
        "entering", "_VariableScopeOnly._derived",
        "settings = base._settings",
        "settings = base._settings._replace(use_resource=None)",
    ),
    "the constraint is inherited": (
        "entering", "_VariableScopeOnly._derived",
        "if settings.constraint is not None:", "if None:",
    ),
    "scopes inside a left scope stay counted": (
        "entering", "_VariableScopeOnly._leave", "here.forget_inside()", "pass",
    ),
    "scopes inside a captured scope stay counted": (
        "entering", "_VariableScopeOnly._leave", "here.restore(self._mark)", "pass",
    ),
    "a default name is taken as it is": (
        "entering", "variable_scope._enter_first_time",
        "scopes.unique(self._default_name)", "self._default_name",
    ),
    "reuse is allowed with a default name": (
        "entering", "variable_scope._name_scope_asked_for", "if self._reuse:", "if None:",
    ),
    "trainable variables are not collected": (
        "variables", "checked_collections", "if trainable and", "if None and",
    ),
    "a variable read on sync is trained": (
        "variables", "validate_synchronization_aggregation_trainable",
        "synchronization is not VariableSynchronization.ON_READ", "True",
    ),
    "local variables are global": (
        "scopes", "get_local_variable",
        "collections = [GraphKeys.LOCAL_VARIABLES]", "collections = None",
    ),
    "local variables are trained": (
        "scopes", "get_local_variable", "regularizer,\n        False,", "regularizer,\n        None,",
    ),
    "the operation's seed is drawn apart from the graph's": (
        "random", "get_seed", "next_seed() if op_seed is None", "0 if op_seed is None",
    ),
    "without a graph seed, another is used": (
        "random", "get_seed", "seeds = DEFAULT_GRAPH_SEED, op_seed", "seeds = 0, op_seed",
    ),
    "collections are searched anywhere in the name": (
        "graph", "Graph.get_collection", "re.compile(scope).match", "re.compile(scope).search",
    ),
    "collections are their own lists": (
        "graph", "Graph.get_collection", "return list(items)", "return items",
    ),
    "a captured scope forgets the name scope it was opened with": (
        "entering", "_VariableScopeOnly._again", "flag, scope._name_scope)", "flag, scope._name)",
    ),
    "a captured scope forgets its reuse flag": (
        "entering", "_VariableScopeOnly._again", "self._flag or scope._reuse", "self._flag",
    ),
    "an inner custom getter replaces the outer one": (
        "scopes", "Settings.inside",
        "if self.custom_getter is None or outer.custom_getter is None:", "if True:",
    ),
    "what a scope is given does not win": (
        "scopes", "Settings.inside",
        "theirs if own is None else own", "own if theirs is None else theirs",
    ),
    "AUTO_REUSE outside wins over True inside": (
        "entering", "_VariableScopeOnly._enter",
        "self._flag or old._reuse", "old._reuse or self._flag",
    ),
    "the caching device is not inherited": (
        "entering", "_VariableScopeOnly._derived",
        "settings = base._settings",
        "settings = base._settings._replace(caching_device=None)",
    ),
    "the partitioner is not inherited": (
        "entering", "_VariableScopeOnly._derived",
        "settings = base._settings",
        "settings = base._settings._replace(partitioner=None)",
    ),
    "the custom getter is not inherited": (
        "entering", "_VariableScopeOnly._derived",
        "settings = base._settings",
        "settings = base._settings._replace(custom_getter=None)",
    ),
    "default names are counted in the whole graph": (
        "scopes", "Scopes.unique", "self.here.place, prefix", "self.here.all, prefix",
    ),
    "a scope always opens a name scope": (
        "entering", "variable_scope._name_scope_asked_for",
        "if not self._auxiliary_name_scope:", "if None:",
    ),
    "a scope's collection has those of longer names too": (
        "scopes", "VariableScope.get_collection", 'f"{self._name}/"', 'f"{self._name}"',
    ),
    "reuse_variables does nothing": (
        "scopes", "VariableScope.reuse_variables", "self._reuse = True", "pass",
    ),
    "a getter of its own is not asked": (
        "scopes", "VariableScope.get_variable",
        "own.custom_getter if custom_getter is None else custom_getter", "own.custom_getter",
    ),
    "a regularizer is added again on reuse": (
        "scopes", "VariableScope.get_variable", "return found",
        ("from .store import _regularize; "
         "regularizer and _regularize(found, full_name, regularizer); return found"),
    ),
    "a reused variable's shape must be given as it is": (
        "store", "_check_fits", " and not shapes.are_compatible(dims, found_dims)", "",
    ),
    "the type of a reused variable is named without its reference": (
        "store", "_check_fits",
        '{found.dtype.name}."', '{found.dtype.base_dtype.name}."',
    ),
    "whole numbers begin as random ones": (
        "store", "default_initializer", "if dtype.is_floating:", "if not dtype.is_bool:",
    ),
    "an initializer's class is not called": (
        "store", "_with_shape", "if isinstance(initializer, type):", "if None:",
    ),
    "what an input waited for is waited for again": (
        "graph", "Graph._control_inputs_for", "if not around.seen.isdisjoint(ops):", "if None:",
    ),
}  # fmt: skip


@contextlib.contextmanager
def mutated(name):
    """The engine with one rule wrong."""
    module_name, path, old, new = MUTANTS[name]
    module = importlib.import_module(f"scopetutor.engine.{module_name}")
    *owner, attribute = path.split(".")
    function = vars(getattr(module, owner[0]) if owner else module)[attribute]
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(old) == 1, f"{name}: the code has changed"
    changed = {}
    text = "from __future__ import annotations\n" + source.replace(old, new)
    exec(compile(text, f"<{name}>", "exec"), vars(module), changed)
    # The code, not the function: other modules have the function by its name.
    original = function.__code__
    function.__code__ = changed[attribute].__code__
    try:
        yield
    finally:
        function.__code__ = original


def first_caught(tf, name, programs):
    """The seed of the first program that notices, or None."""
    with mutated(name):
        found = transcripts(tf, [program["source"] for program in programs])
        for program, lines in zip(programs, found):
            if program["seed"] not in KNOWN and differences(program["lines"], lines):
                return program["seed"]
    return None


def main():
    from scopetutor import tf

    np.set_printoptions(legacy="1.25")
    tf.logging.set_verbosity(tf.logging.FATAL)
    programs = recorded()
    for name in sys.argv[1:] or MUTANTS:
        print(f'    "{name}": {first_caught(tf, name, programs)},', flush=True)


if __name__ == "__main__":
    sys.exit(main())
