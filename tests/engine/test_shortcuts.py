"""What is remembered of constants holds for the shape it was remembered for, alone."""

import numpy as np
import pytest

from scopetutor import tf

# name: (the operation on a tensor of unknown shape, the same in NumPy)
CASES = {
    "part with steps": (lambda x: x[1:, ::-2], lambda a: a[1:, ::-2]),
    "in a loop": (
        lambda x: tf.map_fn(lambda row: tf.split(row, 2)[1][::-1], x),
        lambda a: np.array([np.split(row, 2)[1][::-1] for row in a]),
    ),
    "slice": (lambda x: tf.slice(x, [0, 1], [2, -1]), lambda a: a[0:2, 1:]),
    "split": (lambda x: tf.split(x, 2, 1)[1], lambda a: np.split(a, 2, 1)[1]),
    "split from the end": (
        lambda x: tf.split(x, 2, -1)[0],
        lambda a: np.split(a, 2, -1)[0],
    ),
    "concat": (lambda x: tf.concat([x, x], 1), lambda a: np.concatenate([a, a], 1)),
    "reshape": (lambda x: tf.reshape(x, [-1, 2]), lambda a: a.reshape(-1, 2)),
    "sum": (lambda x: tf.reduce_sum(x, [-1]), lambda a: a.sum(-1)),
    "sum of all": (
        lambda x: tf.reduce_sum(x, [0, 1, -1], keepdims=True),
        lambda a: a.sum((0, 1), keepdims=True),
    ),
    "pad": (
        lambda x: tf.pad(x, [[1, 0], [0, 2]]),
        lambda a: np.pad(a, [[1, 0], [0, 2]]),
    ),
}
SHAPES = [(2, 4), (2, 4), (3, 6), (2, 4), (3, 6), (3, 6)]


@pytest.mark.parametrize("name", CASES)
def test_other_shapes_in_other_runs(name):
    """Each run gives what its own feed comes to."""
    ours, theirs = CASES[name]
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32)
        y = ours(x)
        for shape in SHAPES:
            value = np.random.default_rng(0).random(shape, np.float32)
            np.testing.assert_array_equal(session.run(y, {x: value}), theirs(value))


@pytest.mark.parametrize("axis", range(4))
@pytest.mark.parametrize("keep", [True, False])
def test_sums_along_a_short_axis(axis, keep):
    """Whole layers are added, in the order in which NumPy has it."""
    value = np.random.default_rng(0).random((12, 9, 8, 10), np.float32)
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None] * 4)
        total = tf.reduce_sum(x, axis, keepdims=keep)
        for some in (value, value[::2], value[:1], value[:, :, ::-1], value[:0]):
            for _ in range(2):
                found = session.run(total, {x: some})

                np.testing.assert_allclose(found, some.sum(axis, keepdims=keep), 1e-6)


# name: (the operation, a shape that fits, one that does not, what is said of it)
REFUSED = {
    "slice": (lambda x: tf.slice(x, [0, 3], [2, 1]), (2, 4), (2, 2), "Expected begin"),
    "slice of another rank": (
        lambda x: tf.slice(x, [0, 3], [2, 1]),
        (2, 4),
        (4,),
        "Expected begin and size arguments to be 1-D tensors of size 1",
    ),
    "split": (lambda x: tf.split(x, 2, 1), (2, 4), (2, 3), "Number of ways to split"),
    "concat": (
        lambda x: tf.concat([x, [[1.0], [2.0]]], 1),
        (2, 3),
        (3, 3),
        "ConcatOp : Dimensions of inputs should match",
    ),
    "reshape": (
        lambda x: tf.reshape(x, [4, -1]),
        (2, 4),
        (3, 3),
        "Input to reshape is a tensor with 9 values",
    ),
    "sum": (
        lambda x: tf.reduce_sum(x, [1]),
        (2, 4),
        (4,),
        "Invalid reduction dimension",
    ),
    "pad": (
        lambda x: tf.pad(x, [[1, 0], [0, 2]]),
        (2, 4),
        (4,),
        "The first dimension of paddings must be the rank of inputs",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused_as_ever(name):
    """After a run that went well, too, and the next one goes well again."""
    make, fits, misfits, said = REFUSED[name]
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32)
        y = make(x)
        before = session.run(y, {x: np.ones(fits)})
        with pytest.raises(tf.errors.InvalidArgumentError, match=said):
            session.run(y, {x: np.ones(misfits)})

        after = session.run(y, {x: np.ones(fits)})

        np.testing.assert_array_equal(before, after)


def test_fed_constants_are_not_remembered():
    """A constant that is fed is read in each run."""
    with tf.Graph().as_default(), tf.Session() as session:
        x, begin = tf.constant([1.0, 2.0, 3.0]), tf.constant([0])
        y = tf.slice(x + 0.0, begin, [1])

        assert session.run(y) == [1.0]
        assert session.run(y, {begin: [2]}) == [3.0]
        assert session.run(y) == [1.0]


def test_a_scattered_update_adds_what_is_named_often():
    """Rows that are named once, twice and more often get the sum of their updates."""
    with tf.Graph().as_default(), tf.Session() as session:
        v = tf.Variable(tf.zeros([4, 2]))
        where = [0, 1, 1, 2, 2, 2, 0, 2]
        updates = np.arange(16, dtype=np.float32).reshape(8, 2)
        changed = tf.scatter_add(v, where, updates)
        session.run(v.initializer)

        expected = np.zeros((4, 2), np.float32)
        np.add.at(expected, where, updates)
        np.testing.assert_array_equal(session.run(changed), expected)


@pytest.mark.parametrize("name", CASES)
def test_of_what_an_assignment_gives(name):
    """The value of a variable that was just changed is read in each run."""
    ours, theirs = CASES[name]
    value = np.random.default_rng(0).random((2, 4), np.float32)
    with tf.Graph().as_default(), tf.Session() as session:
        variable = tf.Variable(value)
        y = ours(tf.assign_add(variable, tf.ones([2, 4])))
        session.run(variable.initializer)
        for _ in range(3):
            value = value + np.float32(1)
            np.testing.assert_allclose(session.run(y), theirs(value), rtol=1e-6)
