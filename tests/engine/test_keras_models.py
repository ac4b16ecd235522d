"""What models refuse, and that graphs without `Input` keep no nodes."""

import numpy as np
import pytest

from scopetutor import tf


@pytest.fixture(autouse=True)
def graph():
    """A new default graph."""
    with tf.Graph().as_default() as made:
        yield made


@pytest.mark.parametrize("name", ["save"])
def test_saving_says_it_is_absent(name):
    """The ledger's sentence, and `hasattr` is False."""
    model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(2,))])

    assert not hasattr(model, name)
    with pytest.raises(AttributeError, match="not in scopetutor"):
        getattr(model, name)


def test_operations_between_layers_are_part_of_the_model():
    """What is multiplied after a layer is multiplied when the model is called."""
    x = tf.keras.Input((3,))
    layer = tf.keras.layers.Dense(1, "linear", kernel_initializer="ones")
    model = tf.keras.Model(x, layer(x) * 2.0)

    assert np.array_equal(model.predict(np.ones((1, 3))), [[6.0]])


def test_ragged_inputs_are_refused():
    """There are no ragged tensors."""
    with pytest.raises(NotImplementedError, match="no ragged tensors"):
        tf.keras.Input((None,), ragged=True)


def test_calls_without_inputs_of_models_keep_no_nodes():
    """A layer called on a plain tensor is connected with nothing."""
    layer = tf.keras.layers.Dense(1)
    layer(tf.placeholder(tf.float32, [None, 2]))

    assert not layer.inbound_nodes


def test_a_model_trains_with_an_optimizer_of_tf_train():
    """The loss of a model's outputs falls."""
    model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(2,))])
    x = tf.constant(np.eye(2, dtype=np.float32))
    loss = tf.reduce_mean(tf.square(model(x) - 3.0))
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        first = session.run(loss)
        for _ in range(20):
            session.run(step)
        assert session.run(loss) < first / 10


def test_a_config_makes_another_layer_like_it():
    """`from_config` of `get_config`, for every new layer."""
    layers = tf.keras.layers
    for layer in (
        layers.Activation("relu"),
        layers.ReLU(2.0),
        layers.LeakyReLU(0.1),
        layers.ELU(),
        layers.ThresholdedReLU(),
        layers.Softmax(),
        layers.Concatenate(axis=1),
        layers.Reshape((2, 2)),
        layers.Permute((2, 1)),
        layers.RepeatVector(3),
        layers.UpSampling2D(),
        layers.ZeroPadding2D(),
        layers.GlobalMaxPooling2D(),
        layers.InputLayer((3,)),
    ):
        config = layer.get_config()
        assert type(layer).from_config(config).get_config() == config
