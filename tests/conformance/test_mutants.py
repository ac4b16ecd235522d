"""The golden programs notice when a rule of the engine is wrong.

``mutants.py`` has the wrong rules and finds the first program that notices each.
"""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from scopetutor import tf

sys.path.insert(0, str(Path(__file__).parent))

from generated import recorded
from mutants import MUTANTS, first_caught

CAUGHT_BY = {
    "reuse is not inherited": 1000,
    "AUTO_REUSE is True": 1013,
    "an existing variable is always shared": 1004,
    "shape and type are not compared on reuse": 1085,
    "a value may come with a shape": 1008,
    "unique names keep case apart": 1000,
    "a taken name counts from 2": 1000,
    "a name scope that ends in / is made unique": 1000,
    "a captured scope keeps the name scope": 1001,
    "the initializer is not inherited": 1005,
    "the regularizer is not inherited": 1022,
    "the type is not inherited": 1006,
    "use_resource is not inherited": 1006,
    "the constraint is inherited": 1011,
    "scopes inside a left scope stay counted": 1022,
    "scopes inside a captured scope stay counted": 1280,
    "a default name is taken as it is": 1015,
    "reuse is allowed with a default name": 1002,
    "trainable variables are not collected": 1000,
    "a variable read on sync is trained": 1024,
    "local variables are global": 1007,
    "local variables are trained": 1007,
    "the operation's seed is drawn apart from the graph's": 1004,
    "without a graph seed, another is used": 1001,
    "collections are searched anywhere in the name": 1089,
    "collections are their own lists": 1010,
    "a captured scope forgets the name scope it was opened with": 1001,
    "a captured scope forgets its reuse flag": 1001,
    "an inner custom getter replaces the outer one": 40005,
    "what a scope is given does not win": 1001,
    "AUTO_REUSE outside wins over True inside": 1037,
    "the caching device is not inherited": 1011,
    "the partitioner is not inherited": 1023,
    "the custom getter is not inherited": 1001,
    "default names are counted in the whole graph": 1072,
    "a scope always opens a name scope": 1004,
    "a scope's collection has those of longer names too": 1176,
    "reuse_variables does nothing": 1002,
    "a getter of its own is not asked": 1032,
    "a regularizer is added again on reuse": 40028,
    "a reused variable's shape must be given as it is": 1268,
    "the type of a reused variable is named without its reference": 40124,
    "whole numbers begin as random ones": 1011,
    "an initializer's class is not called": 1005,
    "what an input waited for is waited for again": 1052,
}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="programs run in forked children")
@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_rule_is_noticed(name):
    """One program, at least, comes out otherwise than in TensorFlow."""
    seed = CAUGHT_BY[name]
    programs = [program for program in recorded() if program["seed"] == seed]
    verbosity = tf.logging.get_verbosity()
    tf.logging.set_verbosity(tf.logging.FATAL)
    try:
        with np.printoptions(legacy="1.25"):
            assert first_caught(tf, name, programs) == seed
    finally:
        tf.logging.set_verbosity(verbosity)
