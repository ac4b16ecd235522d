"""Object-based checkpoints in eager mode, where variables may be made later."""

import subprocess
import sys

PROGRAM = """
import sys
import numpy as np
from scopetutor import tf

tf.enable_eager_execution()
folder = sys.argv[1]
x = tf.ones([2, 3])


class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = tf.keras.layers.Dense(2)

    def call(self, inputs):
        return self.dense(inputs)


def train(net, optimizer):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(net(x) ** 2)
    variables = net.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))


def objects():
    net, optimizer = Net(), tf.train.AdamOptimizer(0.1)
    step = tf.Variable(0, dtype=tf.int64)
    return net, optimizer, tf.train.Checkpoint(net=net, optimizer=optimizer, step=step)


net, optimizer, checkpoint = objects()
manager = tf.train.CheckpointManager(checkpoint, folder, max_to_keep=2)
for _ in range(3):
    train(net, optimizer)
    checkpoint.step.assign_add(1)
    manager.save()
other, another, fresh = objects()
status = fresh.restore(tf.train.latest_checkpoint(folder))
print(fresh.step.numpy(), fresh.save_counter.numpy(), len(manager.checkpoints))
other(x)
same = [(a.numpy() == b.numpy()).all() for a, b in zip(net.weights, other.weights)]
print(all(same))
train(net, optimizer)
train(other, another)
same = [(a.numpy() == b.numpy()).all() for a, b in zip(net.weights, other.weights)]
print(all(same))
status.assert_consumed()
other.save_weights(folder + "/weights")
last = Net()
last.load_weights(folder + "/weights")
last(x)
print((last.dense.kernel.numpy() == other.dense.kernel.numpy()).all())
"""


def test_variables_made_after_restoring_get_their_values(tmp_path):
    """A model's weights and an optimizer's slots are restored when they are made."""
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split("\n") == ["3 3 2", "True", "True", "True", ""]
