"""GradientTape: what is recorded and differentiated, in eager mode and in a graph.

The numbers are those of the derivatives on paper.
"""

import numpy as np
import pytest

from scopetutor import tf
from scopetutor.engine import defaults


@pytest.fixture
def eager():
    """Eager mode for the length of a test."""
    defaults.state.eager = True
    yield
    defaults.state.eager = False


@pytest.fixture
def graph():
    """A graph of its own."""
    with tf.Graph().as_default() as own:
        yield own


@pytest.mark.usefixtures("eager")
def test_gradients_of_tensors_and_variables_are_those_on_paper():
    """d(sum(x^2 w)) is 2xw and x^2; the structure of the sources comes back."""
    x, w = tf.constant([1.0, 2.0]), tf.Variable([3.0, 4.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(x * x * w)
    assert tape.watched_variables() == (w,)
    found = tape.gradient(y, {"x": x, "w": [w]})

    np.testing.assert_allclose(found["x"].numpy(), [6.0, 16.0])
    np.testing.assert_allclose(found["w"][0].numpy(), [1.0, 4.0])


@pytest.mark.usefixtures("eager")
def test_tapes_in_tapes_give_second_derivatives():
    """The second derivative of w^3 is 6w."""
    w = tf.Variable(2.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = w**3
        first = inner.gradient(y, w)

    np.testing.assert_allclose(outer.gradient(first, w).numpy(), 12.0)


@pytest.mark.usefixtures("eager")
def test_a_tape_is_asked_once_unless_it_is_persistent():
    """The second question fails in TensorFlow's words; a persistent tape answers."""
    w = tf.Variable(2.0)
    for persistent in (True, False):
        with tf.GradientTape(persistent=persistent) as tape:
            y = w * w
        assert tape.gradient(y, w).numpy() == 4.0
    with pytest.raises(RuntimeError, match="can only be called once"):
        tape.gradient(y, w)


@pytest.mark.usefixtures("eager")
def test_what_is_not_recorded_has_no_gradient():
    """Stopped recording, unwatched variables, unconnected sources: None, or zeros."""
    v, w = tf.Variable([1.0]), tf.Variable([2.0])
    with tf.GradientTape(persistent=True) as tape:
        with tape.stop_recording():
            hidden = v * v
        y = w * 2.0 + hidden
    with tf.GradientTape(watch_accessed_variables=False) as blind:
        z = w * 3.0

    assert tape.gradient(y, v) is None
    assert tape.gradient(y, v, unconnected_gradients="zero").numpy() == [0.0]
    assert blind.gradient(z, w) is None
    with pytest.raises(ValueError, match="is not recording"), tape.stop_recording():
        pass


@pytest.mark.usefixtures("eager")
def test_looked_up_rows_give_slices():
    """The gradient of a look-up holds the rows that were looked up."""
    table = tf.Variable(np.ones((4, 2), np.float32))
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.nn.embedding_lookup(table, [3, 0, 3]) * 2.0)
    found = tape.gradient(y, table)

    assert isinstance(found, tf.IndexedSlices)
    assert found.indices.numpy().tolist() == [3, 0, 3]
    np.testing.assert_allclose(found.values.numpy(), 2.0)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("GradientDescent", (0.1,)),
        ("Momentum", (0.05, 0.9)),
        ("Adam", (0.1,)),
        ("RMSProp", (0.05,)),
        ("Adagrad", (0.5,)),
        ("Ftrl", (0.5,)),
    ],
)
def test_optimizers_minimize_functions(name, settings):
    """A loss given as a function gets smaller."""
    w = tf.Variable([3.0, -2.0])
    optimizer = getattr(tf.train, f"{name}Optimizer")(*settings)
    losses = []
    for _ in range(40):
        losses.append(float(tf.reduce_sum(w * w)))
        optimizer.minimize(lambda: tf.reduce_sum(w * w))

    assert losses[-1] < losses[0] * 0.6
    assert all(optimizer.get_slot(w, name) is not None
               for name in optimizer.get_slot_names())  # fmt: skip


@pytest.mark.usefixtures("eager")
def test_a_loss_that_is_no_function_is_refused_in_eager_mode():
    """In TensorFlow's words."""
    with pytest.raises(RuntimeError, match="should be a function when eager"):
        tf.train.AdamOptimizer().minimize(tf.constant(1.0))


@pytest.mark.usefixtures("graph")
def test_in_a_graph_a_tape_makes_operations():
    """Gradients are tensors; intermediate results can be sources."""
    w = tf.get_variable("w", initializer=3.0, use_resource=True)
    with tf.GradientTape(persistent=True) as tape:
        square = w * w
        y = square * 5.0
    of_w, of_square = tape.gradient(y, [w, square])
    with tf.Session() as session:
        session.run(w.initializer)

        assert session.run([of_w, of_square]) == [30.0, 5.0]
    assert tape.watched_variables() == (w,)


@pytest.mark.usefixtures("graph")
def test_a_tape_cannot_be_entered_twice():
    """In TensorFlow's words."""
    with tf.GradientTape() as tape, pytest.raises(ValueError, match="already"):
        tape.__enter__()
