"""What a tensor is, told from its name, its shape and its neighbours."""

import pytest

from scopetutor.checkpoints.roles import meanings

W = (2, 3)

# names beside it, name, role, what it belongs to, a word of the detail
CASES = [
    ((), "net/w", "weight", "", ""),
    (("net/w",), "net/w/Adam", "slot", "net/w", "first moment"),
    (("net/w",), "net/w/Adam_1", "slot", "net/w", "second moment"),
    (("net/w",), "net/w/Adam_3", "slot", "net/w", "optimizer 2"),
    (("net/w",), "train/net/w/Adam", "slot", "net/w", "first moment"),
    (("w",), "w/RMSProp_1", "slot", "w", "momentum"),
    (("w",), "w/Momentum", "slot", "w", "accumulated gradient"),
    (("w",), "w/adam_m", "slot", "w", "BERT"),
    (("w",), "w/ExponentialMovingAverage", "average", "w", "moving average"),
    (("w",), "train/w/ExponentialMovingAverage", "average", "w", ""),
    ((), "q/ExponentialMovingAverage/biased", "average", "", "biased"),
    ((), "bn/moving_mean", "statistics", "", "mean"),
    ((), "Adam", "weight", "", ""),  # nothing it could be a slot of
    (("w", "v", "v/A2"), "w/A2", "slot", "w", "A2, by its name"),
    (("w",), "w/A2", "weight", "", ""),  # once is chance
    ((), "_CHECKPOINTABLE_OBJECT_GRAPH", "bookkeeping", "", ""),
    ((), "save_counter/.ATTRIBUTES/VARIABLE_VALUE", "bookkeeping", "", ""),
    ((), "dense/kernel/.ATTRIBUTES/VARIABLE_VALUE", "weight", "", ""),
    ((), "optimizer/iter/.ATTRIBUTES/VARIABLE_VALUE", "step", "", ""),
    ((), "optimizer/beta_1/.ATTRIBUTES/VARIABLE_VALUE", "optimizer", "", ""),
    (
        ("d/kernel/.ATTRIBUTES/VARIABLE_VALUE",),
        "d/kernel/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE",
        "slot",
        "d/kernel/.ATTRIBUTES/VARIABLE_VALUE",
        "slot m",
    ),
]


@pytest.mark.parametrize(("beside", "name", "role", "of", "detail"), CASES)
def test_a_name_tells_the_role(beside, name, role, of, detail):
    """Slots, averages and statistics are told as TensorFlow names them."""
    told = meanings(dict.fromkeys((*beside, name), W), lambda _: False)[name]

    assert (told.role, told.of) == (role, of)
    assert detail in told.detail


@pytest.mark.parametrize(
    ("name", "shape", "integer", "role"),
    [
        ("global_step", (), True, "step"),
        ("train/global_step", (), True, "step"),
        ("global_step", (), False, "weight"),
        ("global_step", (2,), True, "weight"),
        ("beta1_power", (), False, "optimizer"),
        ("train/beta2_power_1", (), False, "optimizer"),
    ],
)
def test_scalars_have_roles_too(name, shape, integer, role):
    """A step is an integer scalar of that name; Adam's powers are its own."""
    assert meanings({name: shape}, lambda _: integer)[name].role == role
