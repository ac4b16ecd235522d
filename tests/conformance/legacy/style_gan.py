"""A generator by styles: scaled weights, gradients with gradients of their own, averages."""

import numpy as np
import tensorflow as tf


def get_weight(shape, gain=1.4142135, use_wscale=False, lrmul=1):
    fan_in = np.prod(shape[:-1])
    he_std = gain / np.sqrt(fan_in)
    if use_wscale:
        init_std = 1.0 / lrmul
        runtime_coef = he_std * lrmul
    else:
        init_std = he_std / lrmul
        runtime_coef = lrmul
    return (
        tf.get_variable(
            "weight",
            shape=shape,
            initializer=tf.initializers.random_normal(0, init_std),
        )
        * runtime_coef
    )


def dense(x, fmaps, **kwargs):
    if len(x.shape) > 2:
        x = tf.reshape(x, [-1, np.prod([d.value for d in x.shape[1:]])])
    w = get_weight([x.shape[1].value, fmaps], **kwargs)
    w = tf.cast(w, x.dtype)
    return tf.matmul(x, w)


def apply_bias(x, lrmul=1):
    b = (
        tf.get_variable(
            "bias", shape=[x.shape[-1]], initializer=tf.initializers.zeros()
        )
        * lrmul
    )
    b = tf.cast(b, x.dtype)
    return x + b


def leaky_relu(x, alpha=0.2):
    with tf.variable_scope("LeakyReLU"):
        alpha = tf.constant(alpha, dtype=x.dtype, name="alpha")

        @tf.custom_gradient
        def func(x):
            y = tf.maximum(x, x * alpha)

            @tf.custom_gradient
            def grad(dy):
                dx = tf.where(y >= 0, dy, dy * alpha)
                return dx, lambda ddx: tf.where(y >= 0, ddx, ddx * alpha)

            return y, grad

        return func(x)


def _blur2d(x, f=(1, 2, 1), normalize=True, stride=1):
    f = np.array(f, dtype=np.float32)
    f = f[:, np.newaxis] * f[np.newaxis, :]
    if normalize:
        f /= np.sum(f)
    f = f[:, :, np.newaxis, np.newaxis]
    f = np.tile(f, [1, 1, int(x.shape[3]), 1])
    f = tf.constant(f, dtype=x.dtype, name="filter")
    return tf.nn.depthwise_conv2d(
        x, f, strides=[1, stride, stride, 1], padding="SAME", data_format="NHWC"
    )


def blur2d(x):
    with tf.variable_scope("Blur2D"):

        @tf.custom_gradient
        def func(x):
            y = _blur2d(x)

            @tf.custom_gradient
            def grad(dy):
                dx = _blur2d(dy)
                return dx, lambda ddx: _blur2d(ddx)

            return y, grad

        return func(x)


def upscale2d(x, factor=2):
    with tf.variable_scope("Upscale2D"):
        s = x.shape
        x = tf.reshape(x, [-1, s[1], 1, s[2], 1, s[3]])
        x = tf.tile(x, [1, 1, factor, 1, factor, 1])
        return tf.reshape(x, [-1, s[1] * factor, s[2] * factor, s[3]])


def conv2d(x, fmaps, kernel, **kwargs):
    w = get_weight([kernel, kernel, x.shape[3].value, fmaps], **kwargs)
    return tf.nn.conv2d(x, w, strides=[1, 1, 1, 1], padding="SAME")


def pixel_norm(x, epsilon=1e-8):
    with tf.variable_scope("PixelNorm"):
        epsilon = tf.constant(epsilon, dtype=x.dtype, name="epsilon")
        return x * tf.rsqrt(
            tf.reduce_mean(tf.square(x), axis=-1, keepdims=True) + epsilon
        )


def instance_norm(x, epsilon=1e-8):
    with tf.variable_scope("InstanceNorm"):
        x -= tf.reduce_mean(x, axis=[1, 2], keepdims=True)
        return x * tf.rsqrt(
            tf.reduce_mean(tf.square(x), axis=[1, 2], keepdims=True)
            + tf.constant(epsilon, dtype=x.dtype, name="epsilon")
        )


def style_mod(x, dlatent, **kwargs):
    with tf.variable_scope("StyleMod"):
        style = apply_bias(dense(dlatent, fmaps=x.shape[3].value * 2, gain=1, **kwargs))
        style = tf.reshape(style, [-1, 2, 1, 1, x.shape[3].value])
        return x * (style[:, 0] + 1) + style[:, 1]


def apply_noise(x, noise_var):
    with tf.variable_scope("Noise"):
        w = tf.get_variable(
            "weight", shape=[x.shape[3].value], initializer=tf.initializers.zeros()
        )
        return x + noise_var * tf.reshape(tf.cast(w, x.dtype), [1, 1, 1, -1])


def minibatch_stddev_layer(x, group_size=2):
    with tf.variable_scope("MinibatchStddev"):
        group_size = tf.minimum(group_size, tf.shape(x)[0])
        s = x.shape
        y = tf.reshape(x, [group_size, -1, s[1], s[2], s[3]])
        y = tf.cast(y, tf.float32)
        y -= tf.reduce_mean(y, axis=0, keepdims=True)
        y = tf.reduce_mean(tf.square(y), axis=0)
        y = tf.sqrt(y + 1e-8)
        y = tf.reduce_mean(y, axis=[1, 2, 3], keepdims=True)
        y = tf.tile(y, [group_size, s[1], s[2], 1])
        return tf.concat([x, y], axis=3)


def G(z, lod, reuse=tf.AUTO_REUSE, name="G"):
    with tf.variable_scope(name, reuse=reuse):
        x = pixel_norm(z)
        with tf.variable_scope("G_mapping"):
            for i in range(2):
                with tf.variable_scope("Dense%d" % i):
                    x = leaky_relu(
                        apply_bias(
                            dense(x, fmaps=6, use_wscale=True, lrmul=0.01), lrmul=0.01
                        )
                    )
        w = x
        avg = tf.get_variable(
            "dlatent_avg",
            shape=[6],
            initializer=tf.initializers.zeros(),
            trainable=False,
        )
        upd = tf.assign(avg, 0.995 * avg + 0.005 * tf.reduce_mean(w, 0))
        with tf.control_dependencies([upd]):
            w = tf.identity(w)
        with tf.variable_scope("4x4"):
            with tf.variable_scope("Const"):
                x = tf.get_variable(
                    "const", shape=[1, 4, 4, 4], initializer=tf.initializers.ones()
                )
                x = tf.tile(tf.cast(x, tf.float32), [tf.shape(w)[0], 1, 1, 1])
            noise = tf.get_variable(
                "noise0",
                shape=[1, 4, 4, 1],
                initializer=tf.initializers.random_normal(),
                trainable=False,
            )
            x = style_mod(
                instance_norm(leaky_relu(apply_bias(apply_noise(x, noise)))),
                w,
                use_wscale=True,
            )
        with tf.variable_scope("ToRGB_lod1"):
            rgb4 = upscale2d(apply_bias(conv2d(x, 3, 1, gain=1, use_wscale=True)))
        with tf.variable_scope("8x8"):
            with tf.variable_scope("Conv0_up"):
                x = blur2d(conv2d(upscale2d(x), 3, 3, use_wscale=True))
                x = style_mod(
                    instance_norm(leaky_relu(apply_bias(x))), w, use_wscale=True
                )
        with tf.variable_scope("ToRGB_lod0"):
            rgb8 = apply_bias(conv2d(x, 3, 1, gain=1, use_wscale=True))
        return tf.cond(
            lod > 0.5,
            lambda: rgb4,
            lambda: rgb8 + (rgb4 - rgb8) * tf.clip_by_value(lod, 0.0, 1.0),
        )


def D(x, reuse=tf.AUTO_REUSE):
    with tf.variable_scope("D", reuse=reuse):
        with tf.variable_scope("FromRGB"):
            x = leaky_relu(apply_bias(conv2d(x, 3, 1, use_wscale=True)))
        with tf.variable_scope("Conv"):
            x = leaky_relu(apply_bias(conv2d(blur2d(x), 4, 3, use_wscale=True)))
            x = tf.nn.avg_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "VALID")
        x = minibatch_stddev_layer(x)
        with tf.variable_scope("Dense1"):
            return apply_bias(dense(x, fmaps=1, gain=1, use_wscale=True))


tf.set_random_seed(53)
rng = np.random.RandomState(53)
z = tf.placeholder(tf.float32, [None, 5])
real = tf.placeholder(tf.float32, [None, 8, 8, 3])
lod = tf.placeholder(tf.float32, [])
fake = G(z, lod)
fake.set_shape([None, 8, 8, 3])
fs, rs = D(fake), D(real)
gloss = tf.reduce_mean(tf.nn.softplus(-fs))
dloss = tf.reduce_mean(tf.nn.softplus(fs) + tf.nn.softplus(-rs))
rg = tf.gradients(tf.reduce_sum(rs), [real])[0]
dloss += tf.reduce_mean(tf.reduce_sum(tf.square(rg), axis=[1, 2, 3])) * 5.0
gv = [v for v in tf.trainable_variables() if v.name.startswith("G/")]
dv = [v for v in tf.trainable_variables() if v.name.startswith("D/")]
go = tf.train.AdamOptimizer(0.01, beta1=0.0, beta2=0.99, epsilon=1e-8).minimize(
    gloss, var_list=gv
)
do = tf.train.AdamOptimizer(0.01, beta1=0.0, beta2=0.99).minimize(dloss, var_list=dv)
gs = G(z, lod, name="Gs")
sv = [v for v in tf.global_variables() if v.name.startswith("Gs/")]
src = [
    v for v in tf.global_variables() if v.name.startswith("G/") and "Adam" not in v.name
]
ema = tf.group(*[tf.assign(t, s + (t - s) * 0.9) for t, s in zip(sv, src)])
print(len(gv), len(dv), len(sv), len(src))
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(5):
        f = {z: rng.randn(4, 5), real: rng.rand(4, 8, 8, 3), lod: 1.0 - i / 5.0}
        l = sess.run([gloss, dloss], f)
        sess.run(go, f)
        sess.run(do, f)
        sess.run(ema)
        print("%.6g %.6g" % tuple(l))
    print(sess.run(gs, f).shape)
