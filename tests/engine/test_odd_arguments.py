"""Odd arguments meet an error that TensorFlow has, never one of our own making.

SCOPETUTOR_ODD_CALLS says how many calls are tried in all (100,000 take a minute).
"""

import os
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scopetutor import tf
from scopetutor.engine.op_errors import OpError

CALLS = int(os.environ.get("SCOPETUTOR_ODD_CALLS", "3000"))
LONGEST = 20  # calls in one graph

FUNCTIONS = """
Variable get_variable get_local_variable variable_scope name_scope constant zeros ones
fill placeholder placeholder_with_default add subtract multiply divide matmul tanh
sigmoid square reduce_sum reduce_mean reduce_max reshape transpose concat stack
unstack split cast shape rank size identity assign assign_add assign_sub random_normal
random_uniform truncated_normal random_shuffle multinomial global_variables
trainable_variables local_variables get_collection get_collection_ref
add_to_collection variables_initializer is_variable_initialized
report_uninitialized_variables global_variables_initializer constant_initializer
random_normal_initializer random_uniform_initializer glorot_uniform_initializer
orthogonal_initializer variance_scaling_initializer fixed_size_partitioner
min_max_variable_partitioner variable_axis_size_partitioner TensorShape Dimension
as_dtype convert_to_tensor group tuple cond while_loop case gather gather_nd
scatter_update scatter_nd_update slice strided_slice one_hot range expand_dims squeeze
tile pad where equal less logical_and clip_by_value control_dependencies device
colocate_with set_random_seed make_template variable_creator_scope get_variable_scope
Session Graph no_op gradients argmax eye linspace boolean_mask sequence_mask norm
""".split()  # noqa: SIM905 - a list of this length is not read
METHODS = """
assign assign_add assign_sub scatter_update scatter_nd_add value read_value
initialized_value eval load count_up_to set_shape get_shape run enter __getitem__
__add__ __matmul__ __pow__ __eq__ as_list merge_with is_compatible_with concatenate
with_rank get_operation_by_name get_tensor_by_name as_graph_element unique_name
get_collection add_to_collection reuse_variables get_variable set_initializer
set_dtype sparse_read consumers get_attr experimental_ref to_proto as_default finalize
__len__ __iter__ __bool__
""".split()  # noqa: SIM905 - a list of this length is not read

numbers = st.sampled_from(
    [0, 1, -1, 2, 3, 7, 2**31, 2**63, -(2**70), 0.5, -0.0, 1e300, float("nan"),
     float("inf"), 1j, True, False]
)  # fmt: skip
texts = st.sampled_from(
    [
        "",
        "w",
        "a/b",
        "/",
        "w:0",
        "w:x",
        "é",
        "a b",
        "\0",
        "\ud800",
        "^w",
        "_",
        "x" * 300,
    ]
)
odd = st.one_of(
    st.none(),
    numbers,
    texts,
    st.sampled_from([b"w", b"\xff", (), [], {}, set(), object]),
)
arrays = st.sampled_from(
    [np.zeros((2, 3)), np.array([]), np.array("text"), np.array([None]), np.int8(3),
     np.float16("nan"), np.zeros((2, 0, 3), np.int32), np.array([[1], [2]], np.uint64)]
)  # fmt: skip
types = st.sampled_from(
    [tf.float32, tf.int64, tf.string, tf.bool, tf.complex64, tf.float32_ref
     if hasattr(tf, "float32_ref") else tf.float16, tf.qint8, tf.resource, "float32",
     "no type", np.float32, int]
)  # fmt: skip
callables = st.sampled_from(
    [lambda *_: None, lambda *_: 1.0, lambda: [1.0], tf.zeros_initializer, len]
)
results = st.integers(0, LONGEST).map(lambda place: ("result", place))
single = st.one_of(odd, arrays, types, callables, results)
arguments = st.one_of(
    single,
    st.lists(st.one_of(numbers, texts, st.none(), results), max_size=3),
    st.tuples(single, single),
    st.dictionaries(texts, single, max_size=2),
)
keywords = st.sampled_from(
    ["name", "shape", "dtype", "initializer", "reuse", "trainable", "use_resource",
     "default_name", "partitioner", "regularizer", "collections", "axis", "seed",
     "validate_shape", "constraint", "custom_getter", "caching_device"]
)  # fmt: skip
call = st.tuples(
    st.one_of(st.sampled_from(FUNCTIONS), st.tuples(results, st.sampled_from(METHODS))),
    st.lists(arguments, max_size=4),
    st.dictionaries(keywords, arguments, max_size=3),
)

# What a caller may meet; the rest are mistakes of ours.
EXPECTED = (
    AttributeError, ValueError, TypeError, KeyError, IndexError, RuntimeError,
    NotImplementedError, OverflowError, ZeroDivisionError, LookupError, UnicodeError,
    StopIteration, OpError,
    AssertionError, MemoryError,
)  # fmt: skip
# TensorFlow's own words name two private attributes.
OF_OURS = re.compile(
    r"has no attribute '_(?!is_ref_dtype|lazy_read)[a-z]|^[A-Z]\w+Error: "
)


def filled(value, found):
    """The argument with results of earlier calls put in."""
    if isinstance(value, tuple) and len(value) == 2 and value[0] == "result":
        return found[value[1] % len(found)] if found else None
    if isinstance(value, (list, tuple)):
        return type(value)(filled(item, found) for item in value)
    if isinstance(value, dict):
        return {key: filled(item, found) for key, item in value.items()}
    return value


def called(what, given, found):
    """What a call gives: a result, or the error that was met."""
    place, positional, named = given
    positional = [filled(value, found) for value in positional]
    named = {key: filled(value, found) for key, value in named.items()}
    if isinstance(place, str):
        function = getattr(what, place)
    else:
        thing = filled(place[0], found)
        name = place[1]
        if name == "enter":
            name = "__enter__"
        function = getattr(thing, name, None)
        if function is None:
            return None
    return function(*positional, **named)


@settings(
    max_examples=max(1, CALLS // LONGEST),
    deadline=None,
    derandomize=CALLS <= 3000,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(call, min_size=LONGEST, max_size=LONGEST))
def test_no_call_crashes(calls):
    """Every call gives a result or an error that TensorFlow could give."""
    tf.reset_default_graph()
    found = []
    with tf.Graph().as_default():
        for given_call in calls:
            try:
                found.append(called(tf, given_call, found))
            except EXPECTED as error:
                met = str(error)
            else:
                continue
            assert not OF_OURS.search(met), given_call


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.int32, np.complex64])
@pytest.mark.parametrize("value", [1e300, [1e300, 2.0], np.float16("nan"), np.inf])
def test_casts_say_nothing(value, kind):
    """What a type cannot hold becomes infinity or some number, without a warning."""
    with tf.Graph().as_default():
        try:
            made = tf.constant(value, kind)
        except TypeError:
            assert kind is np.int32  # a Python float is no int
            return
        assert made.dtype.as_numpy_dtype is kind
