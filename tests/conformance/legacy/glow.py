"""Flows: norms that depend on the first data, invertible matrices, couplings, AdaMax."""

import numpy as np
import tensorflow as tf
from tensorflow.contrib.framework.python.ops import add_arg_scope, arg_scope


@add_arg_scope
def actnorm(name, x, scale=1.0, logdet=None, init=False):
    with tf.variable_scope(name, reuse=tf.AUTO_REUSE):
        c = int(x.shape[-1])
        b = tf.get_variable("b", [1, c], initializer=tf.zeros_initializer())
        logs = tf.get_variable("logs", [1, c], initializer=tf.zeros_initializer())
        if init:
            m, v = tf.nn.moments(x, [0], keepdims=True)
            b_a = b.assign(-m)
            l_a = logs.assign(tf.log(scale / (tf.sqrt(v) + 1e-6)))
            with tf.control_dependencies([b_a, l_a]):
                return (x + b.read_value()) * tf.exp(logs.read_value()), logdet
        y = (x + b) * tf.exp(logs)
        return y, (logdet + tf.reduce_sum(logs) if logdet is not None else None)


def invertible(name, z, logdet, reverse=False):
    with tf.variable_scope(name, reuse=tf.AUTO_REUSE):
        n = int(z.shape[-1])
        w_init = np.eye(n)[[1, 0, 3, 2]].astype("float32") * 0.9 + 0.05
        w = tf.get_variable("W", dtype=tf.float32, initializer=w_init)
        dlogdet = tf.cast(
            tf.log(tf.abs(tf.matrix_determinant(tf.cast(w, "float64")))), "float32"
        )
        return (
            (tf.matmul(z, w), logdet + dlogdet)
            if not reverse
            else (tf.matmul(z, tf.matrix_inverse(w)), logdet - dlogdet)
        )


def coupling(name, z, logdet, reverse=False):
    with tf.variable_scope(name, reuse=tf.AUTO_REUSE):
        z1, z2 = tf.split(z, 2, axis=1)
        h = tf.layers.dense(
            z1,
            6,
            tf.nn.relu,
            name="h1",
            kernel_initializer=tf.random_normal_initializer(0, 0.2),
        )
        h = tf.layers.dense(h, 4, name="h2", kernel_initializer=tf.zeros_initializer())
        shift = h[:, 0::2]
        scale = tf.nn.sigmoid(h[:, 1::2] + 2.0)
        if not reverse:
            z2 = (z2 + shift) * scale
            logdet += tf.reduce_sum(tf.log(scale), axis=[1])
        else:
            z2 = z2 / scale - shift
            logdet -= tf.reduce_sum(tf.log(scale), axis=[1])
        return tf.concat([z1, z2], 1), logdet


def flow(x, init=False):
    logdet = tf.zeros_like(x[:, 0])
    with arg_scope([actnorm], init=init):
        for i in range(3):
            x, l = actnorm("act%d" % i, x, logdet=logdet)
            logdet = logdet if l is None else l
            x, logdet = invertible("inv%d" % i, x, logdet)
            x, logdet = coupling("cp%d" % i, x, logdet)
    return x, logdet


def planar(z, name):
    with tf.variable_scope(name):
        u = tf.get_variable(
            "u", [1, 4], initializer=tf.random_uniform_initializer(-0.01, 0.01)
        )
        w = tf.get_variable(
            "w", [1, 4], initializer=tf.random_uniform_initializer(-0.1, 0.1)
        )
        b = tf.get_variable("b", [1], initializer=tf.zeros_initializer())
        uw = tf.reduce_sum(u * w)
        muw = -1 + tf.nn.softplus(uw)
        u_hat = u + (muw - uw) * w / tf.norm(w, ord=2) ** 2
        zwb = tf.matmul(z, w, transpose_b=True) + b
        psi = (1 - tf.nn.tanh(zwb) ** 2) * w
        return z + u_hat * tf.nn.tanh(zwb), tf.log(
            1e-5 + tf.abs(1 + tf.matmul(psi, u_hat, transpose_b=True))
        )


tf.set_random_seed(32)
rng = np.random.RandomState(32)
x = tf.placeholder(tf.float32, [None, 4])
zi, _ = flow(x, init=True)
z, logdet = flow(x)
logp = tf.reduce_sum(-0.5 * (np.log(2 * np.pi) + z**2), 1)
pz, pl = planar(z, "planar")
nll = -tf.reduce_mean(logp + logdet)
obj = nll + 0.1 * tf.reduce_mean(tf.square(pz)) - 0.01 * tf.reduce_mean(pl)
back = z
ld = logdet
for i in (2, 1, 0):
    back, ld = coupling("cp%d" % i, back, ld, True)
    back, ld = invertible("inv%d" % i, back, ld, True)
    back = (
        back
        * tf.exp(
            -[v for v in tf.global_variables() if v.op.name == "act%d/logs" % i][0]
        )
        - [v for v in tf.global_variables() if v.op.name == "act%d/b" % i][0]
    )
lr = tf.placeholder(tf.float32, [], name="lr")
opt = tf.contrib.opt.AdaMaxOptimizer(lr)
gv = opt.compute_gradients(obj)
train = opt.apply_gradients(
    [(tf.clip_by_value(g, -1.0, 1.0), v) for g, v in gv if g is not None]
)
print(len(gv), [v.name for _, v in gv][:5])
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    d = rng.randn(16, 4) * [1, 2, 3, 4] + 1
    r = sess.run(zi, {x: d})
    print(np.round(r.mean(), 3).item() + 0.0, len(r))
    for i in range(5):
        v, _ = sess.run([obj, train], {x: d, lr: 0.01 * (i + 1) / 5})
        print("%.6g" % v)
    print(np.allclose(sess.run(back, {x: d}), d, atol=1e-3))
