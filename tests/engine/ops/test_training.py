"""The rules of optimizers, beside their formulas written with plain numbers.

What TensorFlow's kernels compute is held by ``conformance/programs/training.py``; here
are the rules that no optimizer of `tf.train` uses, and steps in parts.
"""

import math

import numpy as np
import pytest

from scopetutor import tf
from scopetutor.engine.ops import training


def _numbers(*rules):
    """Applies a rule to arrays, and a formula to each number; gives both results."""
    rule, formula, slots, settings = rules
    random = np.random.RandomState(5)
    arrays = [random.uniform(0.1, 1, 6).astype(np.float32) for _ in range(slots + 1)]
    grad = random.uniform(-1, 1, 6).astype(np.float32)
    plain = [
        formula(*[float(array[i]) for array in arrays], *settings, float(grad[i]))
        for i in range(6)
    ]
    scalars = [np.asarray(number, np.float32) for number in settings]
    rule(*arrays, *scalars, grad)
    return [array.tolist() for array in arrays], [
        list(x) for x in zip(*plain, strict=True)
    ]


def _ada_max(var, m, v, power, lr, beta1, beta2, epsilon, g):
    m += (g - m) * (1 - beta1)
    v = max(v * beta2, abs(g))
    return var - lr / (1 - power) * m / (v + epsilon), m, v


def _amsgrad(var, m, v, vhat, power1, power2, lr, beta1, beta2, epsilon, g):
    m += (g - m) * (1 - beta1)
    v += (g * g - v) * (1 - beta2)
    vhat = max(vhat, v)
    rate = lr * math.sqrt(1 - power2) / (1 - power1)
    return var - rate * m / (math.sqrt(vhat) + epsilon), m, v, vhat


def _add_sign(var, m, lr, alpha, decay, beta, g):
    m = m * beta + g * (1 - beta)
    return var - lr * (alpha + decay * np.sign(g) * np.sign(m)) * g, m


def _power_sign(var, m, lr, base, decay, beta, g):
    m = m * beta + g * (1 - beta)
    return var - lr * math.exp(base * decay * np.sign(g) * np.sign(m)) * g, m


@pytest.mark.parametrize(
    "rules",
    [
        (training._ada_max, _ada_max, 2, (0.9, 0.1, 0.9, 0.99, 1e-3)),
        (training._adam_with_amsgrad, _amsgrad, 3, (0.9, 0.99, 0.1, 0.9, 0.99, 1e-3)),
        (training._add_sign, _add_sign, 1, (0.1, 1.0, 0.5, 0.9)),
        (training._power_sign, _power_sign, 1, (0.1, 1.0, 0.5, 0.9)),
    ],
    ids=["AdaMax", "AdamWithAmsgrad", "AddSign", "PowerSign"],
)
def test_a_rule_is_its_formula(rules):
    """A rule changes each number of a variable and its slots as the formula says."""
    found, expected = _numbers(*rules)

    for one, other in zip(found, expected, strict=True):
        assert one == pytest.approx(other, rel=1e-5)


@pytest.mark.parametrize("nesterov", [False, True])
def test_keras_momentum_takes_the_rate_into_the_slot(nesterov):
    """The slot becomes slot * momentum - rate * gradient."""
    var, slot = np.ones(2, np.float32), np.full(2, 0.5, np.float32)
    training._keras_momentum(var, slot, 0.1, np.full(2, 2.0, np.float32), 0.9, nesterov)

    assert slot.tolist() == pytest.approx([0.25] * 2)
    step = 0.25 * 0.9 - 0.2 if nesterov else 0.25
    assert var.tolist() == pytest.approx([1 + step] * 2)


def test_adagrad_v2_adds_epsilon_to_the_root():
    """And leaves the slot as it is if told to."""
    var, slot = np.ones(1, np.float32), np.full(1, 4.0, np.float32)
    training._adagrad_v2(var, slot, 0.5, 1.0, np.ones(1, np.float32), False)

    assert (var[0], slot[0]) == (pytest.approx(1 - 0.5 / 3), 4.0)


@pytest.mark.parametrize("resource", [False, True])
def test_large_variables_change_as_small_ones_do(resource):
    """A variable that is changed in parts changes in every part, whatever its kind."""
    count = 3 * training._AT_ONCE + 7
    start = np.linspace(-1, 1, count, dtype=np.float32).reshape(-1, 1)
    with tf.Graph().as_default(), tf.Session() as session:
        whole = tf.get_variable("w", initializer=start, use_resource=resource)
        parts = [
            tf.get_variable(f"p{i}", initializer=part, use_resource=resource)
            for i, part in enumerate(np.array_split(start, 5))
        ]
        loss = tf.reduce_sum(whole**2) + sum(tf.reduce_sum(p**2) for p in parts)
        step = tf.train.AdamOptimizer(0.01).minimize(loss)
        session.run(tf.global_variables_initializer())
        for _ in range(3):
            session.run(step)

        np.testing.assert_array_equal(
            session.run(whole), np.concatenate(session.run(parts))
        )
