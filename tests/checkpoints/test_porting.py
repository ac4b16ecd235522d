"""What becomes of tensors elsewhere; each formula is carried out."""

import numpy as np
import pytest

from scopetutor.checkpoints.contents import described
from scopetutor.checkpoints.porting import sheet


def rows(**shapes):
    """Name -> row of the sheet; a double underscore in a name is a slash."""
    found = described(
        {name.replace("__", "/"): ("float32", shape) for name, shape in shapes.items()}
    )
    return {row.name: row for row in sheet("m", found).rows}


def made(code, array, **names):
    """The array that a formula of the sheet makes."""
    return eval(code, {"w": array, "numpy": np, **names})  # our own table


@pytest.mark.parametrize(
    ("name", "shape", "what", "torch", "ported"),
    [
        ("fc/kernel", (4, 5), "dense kernel", "fc.weight", (5, 4)),
        ("fc/bias", (5,), "bias", "fc.bias", (5,)),
        ("conv/kernel", (3, 2, 8, 9), "2-D convolution", "conv.weight", (9, 8, 3, 2)),
        ("conv1d/kernel", (3, 8, 9), "1-D convolution", "conv1d.weight", (9, 8, 3)),
        (
            "c/kernel",
            (3, 3, 3, 8, 9),
            "3-D convolution",
            "c.weight",
            (9, 8, 3, 3, 3),
        ),
        (
            "conv2d_transpose/kernel",
            (3, 2, 9, 8),
            "transposed convolution",
            "conv2d_transpose.weight",
            (8, 9, 3, 2),
        ),
        (
            "s/depthwise_weights",
            (3, 2, 8, 4),
            "depthwise convolution",
            "s.weight",
            (32, 1, 3, 2),
        ),
        ("word_embeddings", (9, 4), "embedding", "weight", (9, 4)),
        ("x/odd", (2, 3), "as it is", "x.odd", (2, 3)),
    ],
)
def test_kernels_get_the_axes_of_pytorch(name, shape, what, torch, ported):
    """Name and formula are PyTorch's; carried out, it has the shape PyTorch wants."""
    (row,) = rows(**{name.replace("/", "__"): shape}).values()

    assert (row.what, row.torch) == (what, torch)
    assert made(row.torch_code, np.zeros(shape)).shape == ported


def test_batch_norm_has_four_names():
    """Names gamma and beta beside moving statistics are batch normalization's."""
    names = ("gamma", "beta", "moving_mean", "moving_variance")
    found = rows(**{f"bn__{name}": (4,) for name in names})

    assert {row.torch for row in found.values()} == {
        "bn.weight",
        "bn.bias",
        "bn.running_mean",
        "bn.running_var",
    }
    assert found["bn/gamma"].flax == "bn/scale"
    assert rows(ln__gamma=(4,))["ln/gamma"].what == "layer norm scale"


def test_a_depthwise_kernel_keeps_its_channels_apart():
    """Output channel c * multiplier + m of PyTorch is [:, :, c, m] here."""
    w = np.arange(2 * 2 * 3 * 4).reshape(2, 2, 3, 4)
    row = rows(s__depthwise_kernel=w.shape)["s/depthwise_kernel"]

    ported = made(row.torch_code, w)

    assert (ported[2 * 4 + 1, 0] == w[:, :, 2, 1]).all()
    assert (made(row.flax_code, w)[:, :, 0, 2 * 4 + 1] == w[:, :, 2, 1]).all()


def sigmoid(x):
    """The logistic function."""
    return 1 / (1 + np.exp(-x))


def tensorflow_cell(x, c, h, kernel, bias):
    """TF 1.15's BasicLSTMCell, as its documentation has it."""
    i, j, f, o = np.split(np.concatenate([x, h], 1) @ kernel + bias, 4, axis=1)
    c = c * sigmoid(f + 1.0) + sigmoid(i) * np.tanh(j)
    return c, np.tanh(c) * sigmoid(o)


def torch_cell(x, c, h, weight_ih, weight_hh, bias_ih):
    """PyTorch's LSTMCell, as its documentation has it."""
    gates = x @ weight_ih.T + h @ weight_hh.T + bias_ih
    i, f, g, o = np.split(gates, 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return c, sigmoid(o) * np.tanh(c)


def test_an_lstm_computes_the_same_after_porting():
    """With the formulas, and forget_bias added to the bias, both cells agree."""
    random = np.random.default_rng(0)
    inputs, units = 3, 4
    kernel = random.normal(size=(inputs + units, 4 * units))
    bias = random.normal(size=4 * units)
    found = rows(
        rnn__basic_lstm_cell__kernel=kernel.shape, rnn__basic_lstm_cell__bias=bias.shape
    )
    x, c, h = (random.normal(size=(2, n)) for n in (inputs, units, units))

    weight_ih, weight_hh = made(
        found["rnn/basic_lstm_cell/kernel"].torch_code, kernel, inputs=inputs
    )
    bias_ih = made(found["rnn/basic_lstm_cell/bias"].torch_code, bias)
    bias_ih[units : 2 * units] += 1.0

    ours = tensorflow_cell(x, c, h, kernel, bias)
    theirs = torch_cell(x, c, h, weight_ih, weight_hh, bias_ih)
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def test_keras_layers_have_their_gates_in_order():
    """kernel, recurrent_kernel and bias of tf.keras only change their axes."""
    found = rows(lstm__kernel=(3, 16), lstm__recurrent_kernel=(4, 16), lstm__bias=(16,))

    assert {row.torch for row in found.values()} == {
        "lstm.weight_ih_l0",
        "lstm.weight_hh_l0",
        "lstm.bias_ih_l0",
    }


def test_a_gru_says_that_it_cannot_be_ported():
    """PyTorch's GRU computes something else, and the sheet says so."""
    found = described({"rnn/gru_cell/gates/kernel": ("float32", (7, 8))})

    (note,) = sheet("m", found).notes

    assert "nn.GRU cannot" in note


def test_what_only_training_needs_is_left_out():
    """Slots, averages and steps are counted, not ported."""
    shapes = {"w": (2, 2), "w/Adam": (2, 2), "global_step": ()}
    found = described({name: ("int64", shape) for name, shape in shapes.items()})

    seen = sheet("m", found)

    assert [row.name for row in seen.rows] == ["w"]
    assert seen.left_out == {"slot": 1, "step": 1}
