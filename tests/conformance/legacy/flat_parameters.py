"""Old and new policy, running statistics, and parameters as one flat vector."""

import numpy as np
import tensorflow as tf


def normc_initializer(std=1.0, axis=0):
    def _initializer(shape, dtype=None, partition_info=None):
        out = RNG.randn(*shape).astype(dtype.as_numpy_dtype)
        out *= std / np.sqrt(np.square(out).sum(axis=axis, keepdims=True))
        return tf.constant(out)

    return _initializer


RNG = np.random.RandomState(43)
tf.set_random_seed(43)


def intprod(x):
    return int(np.prod(x))


def var_shape(x):
    out = x.get_shape().as_list()
    assert all(isinstance(a, int) for a in out)
    return out


def numel(x):
    return intprod(var_shape(x))


def flatgrad(loss, var_list, clip_norm=None):
    grads = tf.gradients(loss, var_list)
    if clip_norm is not None:
        grads = [tf.clip_by_norm(grad, clip_norm=clip_norm) for grad in grads]
    return tf.concat(
        axis=0,
        values=[
            tf.reshape(grad if grad is not None else tf.zeros_like(v), [numel(v)])
            for (v, grad) in zip(var_list, grads)
        ],
    )


class SetFromFlat(object):
    def __init__(self, var_list, dtype=tf.float32):
        assigns = []
        shapes = list(map(var_shape, var_list))
        total_size = np.sum([intprod(shape) for shape in shapes])
        self.theta = theta = tf.placeholder(dtype, [total_size])
        start = 0
        for shape, v in zip(shapes, var_list):
            size = intprod(shape)
            assigns.append(tf.assign(v, tf.reshape(theta[start : start + size], shape)))
            start += size
        self.op = tf.group(*assigns)

    def __call__(self, theta):
        tf.get_default_session().run(self.op, feed_dict={self.theta: theta})


class GetFlat(object):
    def __init__(self, var_list):
        self.op = tf.concat(
            axis=0, values=[tf.reshape(v, [numel(v)]) for v in var_list]
        )

    def __call__(self):
        return tf.get_default_session().run(self.op)


class RunningMeanStd(object):
    def __init__(self, epsilon=1e-2, shape=()):
        self._sum = tf.get_variable(
            dtype=tf.float64,
            shape=shape,
            initializer=tf.constant_initializer(0.0),
            name="runningsum",
            trainable=False,
        )
        self._sumsq = tf.get_variable(
            dtype=tf.float64,
            shape=shape,
            initializer=tf.constant_initializer(epsilon),
            name="runningsumsq",
            trainable=False,
        )
        self._count = tf.get_variable(
            dtype=tf.float64,
            shape=(),
            initializer=tf.constant_initializer(epsilon),
            name="count",
            trainable=False,
        )
        self.mean = tf.to_float(self._sum / self._count)
        self.std = tf.sqrt(
            tf.maximum(
                tf.to_float(self._sumsq / self._count) - tf.square(self.mean), 1e-2
            )
        )
        self.newsum = tf.placeholder(shape=shape, dtype=tf.float64, name="sum")
        self.newsumsq = tf.placeholder(shape=shape, dtype=tf.float64, name="var")
        self.newcount = tf.placeholder(shape=[], dtype=tf.float64, name="count")
        self.incfiltparams = [
            tf.assign_add(self._sum, self.newsum),
            tf.assign_add(self._sumsq, self.newsumsq),
            tf.assign_add(self._count, self.newcount),
        ]


class MlpPolicy(object):
    def __init__(self, name, ob, reuse=False):
        with tf.variable_scope(name, reuse=reuse):
            self.scope = tf.get_variable_scope().name
            with tf.variable_scope("obfilter"):
                self.ob_rms = RunningMeanStd(shape=(4,))
            obz = tf.clip_by_value((ob - self.ob_rms.mean) / self.ob_rms.std, -5.0, 5.0)
            with tf.variable_scope("vf"):
                x = obz
                for i in range(2):
                    x = tf.nn.tanh(
                        tf.layers.dense(
                            x,
                            6,
                            name="fc%i" % (i + 1),
                            kernel_initializer=normc_initializer(1.0),
                        )
                    )
                self.vpred = tf.layers.dense(
                    x, 1, name="final", kernel_initializer=normc_initializer(1.0)
                )[:, 0]
            with tf.variable_scope("pol"):
                x = tf.nn.tanh(
                    tf.layers.dense(
                        obz, 6, name="fc1", kernel_initializer=normc_initializer(1.0)
                    )
                )
                self.mean = tf.layers.dense(
                    x, 2, name="final", kernel_initializer=normc_initializer(0.01)
                )
                self.logstd = tf.get_variable(
                    name="logstd", shape=[1, 2], initializer=tf.zeros_initializer()
                )
            self.pdparam = tf.concat([self.mean, self.mean * 0.0 + self.logstd], axis=1)
            self.std = tf.exp(self.logstd)

    def neglogp(self, x):
        return (
            0.5 * tf.reduce_sum(tf.square((x - self.mean) / self.std), axis=-1)
            + 0.5 * np.log(2.0 * np.pi) * tf.to_float(tf.shape(x)[-1])
            + tf.reduce_sum(self.logstd, axis=-1)
        )

    def kl(self, o):
        return tf.reduce_sum(
            o.logstd
            - self.logstd
            + (tf.square(self.std) + tf.square(self.mean - o.mean))
            / (2.0 * tf.square(o.std))
            - 0.5,
            axis=-1,
        )

    def entropy(self):
        return tf.reduce_sum(self.logstd + 0.5 * np.log(2.0 * np.pi * np.e), axis=-1)

    def get_variables(self):
        return tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, self.scope)

    def get_trainable_variables(self):
        return tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, self.scope)


ob = tf.placeholder(tf.float32, [None, 4], name="ob")
ac = tf.placeholder(tf.float32, [None, 2])
pi = MlpPolicy("pi", ob)
oldpi = MlpPolicy("oldpi", ob)
atarg = tf.placeholder(tf.float32, [None])
ret = tf.placeholder(tf.float32, [None])
lrmult = tf.placeholder(name="lrmult", dtype=tf.float32, shape=[])
clip = 0.2 * lrmult
ratio = tf.exp(oldpi.neglogp(ac) - pi.neglogp(ac))
pol_surr = -tf.reduce_mean(
    tf.minimum(ratio * atarg, tf.clip_by_value(ratio, 1.0 - clip, 1.0 + clip) * atarg)
)
vf_loss = tf.reduce_mean(tf.square(pi.vpred - ret))
ent = tf.reduce_mean(pi.entropy())
kl = tf.reduce_mean(oldpi.kl(pi))
total = pol_surr - 0.01 * ent + vf_loss
var_list = pi.get_trainable_variables()
fg = flatgrad(total, var_list, 0.5)
sff = SetFromFlat(var_list)
gf = GetFlat(var_list)
assign_old_eq_new = tf.group(
    *[
        tf.assign(oldv, newv)
        for (oldv, newv) in zip(oldpi.get_variables(), pi.get_variables())
    ]
)
opt = tf.train.AdamOptimizer(1e-2, epsilon=1e-5)
pls = [tf.placeholder(tf.float32, v.shape) for v in var_list]
adam = opt.apply_gradients(zip(pls, var_list))
kl_grads = tf.gradients(kl, var_list)
tang = tf.placeholder(tf.float32, [None], name="flat_tan")
start = 0
tangents = []
for v in var_list:
    sz = numel(v)
    tangents.append(tf.reshape(tang[start : start + sz], var_shape(v)))
    start += sz
gvp = tf.add_n(
    [
        tf.reduce_sum(g * t)
        for (g, t) in zip(
            [g for g in kl_grads if g is not None],
            [t for g, t in zip(kl_grads, tangents) if g is not None],
        )
    ]
)
fvp = flatgrad(gvp, var_list)
config = tf.ConfigProto(
    allow_soft_placement=True,
    inter_op_parallelism_threads=1,
    intra_op_parallelism_threads=1,
)
sess = tf.InteractiveSession(config=config)
sess.run(tf.variables_initializer(tf.global_variables()))
o = RNG.randn(16, 4)
sess.run(
    pi.ob_rms.incfiltparams,
    {
        pi.ob_rms.newsum: o.sum(0),
        pi.ob_rms.newsumsq: (o**2).sum(0),
        pi.ob_rms.newcount: 16,
    },
)
sess.run(assign_old_eq_new)
for i in range(5):
    f = {
        ob: o,
        ac: RNG.randn(16, 2),
        atarg: RNG.randn(16),
        ret: RNG.randn(16),
        lrmult: 1 - i / 10.0,
    }
    l, k, g, h = sess.run(
        [total, kl, fg, fvp],
        dict(list(f.items()) + [(tang, np.ones(int(fg.shape[0])))]),
    )
    print("%.6g %.2g %.4g %.4g" % (l, k, np.linalg.norm(g), np.linalg.norm(h)))
    parts = np.split(g, np.cumsum([numel(v) for v in var_list])[:-1])
    sess.run(
        adam, dict(zip(pls, [p.reshape(var_shape(v)) for p, v in zip(parts, var_list)]))
    )
    th = gf()
    sff(th * 0.999)
print([v.name for v in var_list][:3], gf().shape)
sess.close()
