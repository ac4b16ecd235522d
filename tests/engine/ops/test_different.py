"""Different values are found in one of two ways, which give the same."""

import numpy as np
import pytest

from scopetutor import tf

# Numbers that are places in a table, and others: negative, large, unsigned, no numbers.
VECTORS = {
    "places": np.random.default_rng(0).integers(0, 20, 100, np.int32),
    "places of 64 bits": np.random.default_rng(1).integers(0, 5, 100),
    "negative": np.int32([3, -1, 3, -1, 0]),
    "large": np.int64([2**40, 7, 2**40]),
    "unsigned": np.uint8([255, 0, 255]),
    "float": np.float32([0.5, 0.25, 0.5]),
    "none": np.int32([]),
}


@pytest.mark.parametrize("name", VECTORS)
def test_values_come_in_the_order_in_which_they_occur(name):
    """With the place of each element among them, and how often each is there."""
    vector = VECTORS[name]
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(vector.dtype, [None])
        different, places, counts = session.run(tf.unique_with_counts(x), {x: vector})
        again = session.run(tf.unique(x, tf.int64), {x: vector})
    expected = list(dict.fromkeys(vector.tolist()))

    assert different.tolist() == again[0].tolist() == expected
    assert [expected[place] for place in places] == vector.tolist()
    assert counts.tolist() == [vector.tolist().count(value) for value in expected]
    assert (different.dtype, places.dtype) == (vector.dtype, np.int32)
    assert again[1].dtype == np.int64
    assert again[1].tolist() == places.tolist()
