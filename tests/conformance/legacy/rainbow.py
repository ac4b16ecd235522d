"""Rainbow-like DQN: noisy nets, dueling, categorical projection, prioritized weights, soft target, baselines' deepq build_graph flavour."""

import numpy as np
import tensorflow as tf

ATOMS, V_MIN, V_MAX = 7, -3.0, 3.0


def noisy_dense(x, units, name, activation_fn=tf.identity):
    def f(e):
        return tf.multiply(tf.sign(e), tf.pow(tf.abs(e), 0.5))

    mu_init = tf.random_uniform_initializer(
        minval=-1 * 1 / np.power(x.get_shape().as_list()[1], 0.5),
        maxval=1 / np.power(x.get_shape().as_list()[1], 0.5),
    )
    sigma_init = tf.constant_initializer(
        0.4 / np.power(x.get_shape().as_list()[1], 0.5)
    )
    p = tf.random_normal([x.get_shape().as_list()[1], 1])
    q = tf.random_normal([1, units])
    f_p, f_q = f(p), f(q)
    w_eps, b_eps = f_p * f_q, tf.squeeze(f_q)
    w_mu = tf.get_variable(
        name + "/w_mu", [x.get_shape()[1], units], initializer=mu_init
    )
    w_sigma = tf.get_variable(
        name + "/w_sigma", [x.get_shape()[1], units], initializer=sigma_init
    )
    b_mu = tf.get_variable(name + "/b_mu", [units], initializer=mu_init)
    b_sigma = tf.get_variable(name + "/b_sigma", [units], initializer=sigma_init)
    w = w_mu + tf.multiply(w_sigma, w_eps)
    b = b_mu + tf.multiply(b_sigma, b_eps)
    return activation_fn(tf.matmul(x, w) + b)


def q_func(obs, num_actions, scope, reuse=None):
    with tf.variable_scope(scope, reuse=reuse):
        out = tf.cast(obs, tf.float32) / 255.0
        with tf.variable_scope("convnet"):
            out = tf.contrib.layers.convolution2d(
                out, num_outputs=4, kernel_size=4, stride=2, activation_fn=tf.nn.relu
            )
            out = tf.contrib.layers.conv2d(
                out,
                num_outputs=8,
                kernel_size=3,
                stride=1,
                activation_fn=tf.nn.relu,
                padding="VALID",
            )
        out = tf.contrib.layers.flatten(out)
        with tf.variable_scope("action_value"):
            a = tf.reshape(
                noisy_dense(out, num_actions * ATOMS, "adv"), [-1, num_actions, ATOMS]
            )
        with tf.variable_scope("state_value"):
            v = tf.expand_dims(noisy_dense(out, ATOMS, "val"), 1)
        return v + a - tf.reduce_mean(a, 1, keepdims=True)


def huber_loss(x, delta=1.0):
    return tf.where(
        tf.abs(x) < delta, tf.square(x) * 0.5, delta * (tf.abs(x) - 0.5 * delta)
    )


def scope_vars(scope, trainable_only=False):
    return tf.get_collection(
        tf.GraphKeys.TRAINABLE_VARIABLES
        if trainable_only
        else tf.GraphKeys.GLOBAL_VARIABLES,
        scope=scope if isinstance(scope, str) else scope.name,
    )


def build(num_actions=3, gamma=0.9):
    with tf.variable_scope("deepq", reuse=None):
        obs_t = tf.placeholder(tf.uint8, [None, 8, 8, 2], "obs_t")
        act = tf.placeholder(tf.int32, [None], "action")
        rew = tf.placeholder(tf.float32, [None], "reward")
        obs_tp1 = tf.placeholder(tf.uint8, [None, 8, 8, 2], "obs_tp1")
        done = tf.placeholder(tf.float32, [None], "done")
        weights = tf.placeholder(tf.float32, [None], "weight")
        z = tf.linspace(V_MIN, V_MAX, ATOMS)
        q_t = q_func(obs_t, num_actions, "q_func")
        q_vars = scope_vars(tf.get_variable_scope().name + "/q_func")
        q_tp1_online = q_func(obs_tp1, num_actions, "q_func", reuse=True)
        q_tp1 = q_func(obs_tp1, num_actions, "target_q_func")
        target_vars = scope_vars(tf.get_variable_scope().name + "/target_q_func")
        best = tf.argmax(
            tf.reduce_sum(tf.nn.softmax(q_tp1_online) * z, 2), 1, output_type=tf.int32
        )
        batch = tf.shape(rew)[0]
        p_best = tf.gather_nd(
            tf.nn.softmax(q_tp1), tf.stack([tf.range(batch), best], 1)
        )
        tz = tf.clip_by_value(
            rew[:, None] + gamma * (1.0 - done)[:, None] * z[None], V_MIN, V_MAX
        )
        b = (tz - V_MIN) / ((V_MAX - V_MIN) / (ATOMS - 1))
        l, u = tf.floor(b), tf.ceil(b)
        eq = tf.to_float(tf.equal(l, u))
        m = tf.zeros([batch, ATOMS])
        for off, wgt in ((l, u - b + eq), (u, b - l)):
            idx = tf.stack(
                [tf.tile(tf.range(batch)[:, None], [1, ATOMS]), tf.to_int32(off)], -1
            )
            m += tf.scatter_nd(
                tf.reshape(idx, [-1, 2]), tf.reshape(p_best * wgt, [-1]), [batch, ATOMS]
            )
        chosen = tf.reduce_sum(tf.one_hot(act, num_actions)[:, :, None] * q_t, 1)
        td = tf.nn.softmax_cross_entropy_with_logits_v2(
            labels=tf.stop_gradient(m), logits=chosen
        )
        loss = tf.reduce_mean(weights * td) + 0.01 * tf.reduce_mean(
            huber_loss(tf.reduce_sum(chosen * z, 1))
        )
        optimizer = tf.train.RMSPropOptimizer(
            0.0005, decay=0.95, epsilon=0.01, centered=True
        )
        gradients = optimizer.compute_gradients(loss, var_list=q_vars)
        for i, (grad, var) in enumerate(gradients):
            if grad is not None:
                gradients[i] = (tf.clip_by_norm(grad, 10), var)
        train = optimizer.apply_gradients(gradients)
        tau = tf.placeholder_with_default(0.5, [])
        update = tf.group(
            *[
                v_t.assign(tau * v + (1.0 - tau) * v_t)
                for v, v_t in zip(
                    sorted(q_vars, key=lambda v: v.name),
                    sorted(target_vars, key=lambda v: v.name),
                )
            ]
        )
        eps = tf.get_variable("eps", (), initializer=tf.constant_initializer(0))
        stochastic = tf.placeholder(tf.bool, (), name="stochastic")
        update_eps = tf.placeholder_with_default(-1.0, ())
        greedy = tf.argmax(tf.reduce_sum(tf.nn.softmax(q_t) * z, 2), axis=1)
        random_actions = tf.random_uniform(
            tf.stack([tf.shape(obs_t)[0]]), minval=0, maxval=num_actions, dtype=tf.int64
        )
        chose_random = (
            tf.random_uniform(
                tf.stack([tf.shape(obs_t)[0]]), minval=0, maxval=1, dtype=tf.float32
            )
            < eps
        )
        actions = tf.cond(
            stochastic,
            lambda: tf.where(chose_random, random_actions, greedy),
            lambda: greedy,
        )
        upd = eps.assign(tf.cond(update_eps >= 0, lambda: update_eps, lambda: eps))
    return locals()


tf.set_random_seed(17)
g = build()
rng = np.random.RandomState(9)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for t in range(4):
        o = rng.randint(0, 255, (5, 8, 8, 2))
        a = sess.run(g["actions"], {g["obs_t"]: o, g["stochastic"]: True})
        sess.run(g["upd"], {g["update_eps"]: 0.5})
        feed = {
            g["obs_t"]: o,
            g["act"]: a,
            g["rew"]: rng.randn(5),
            g["obs_tp1"]: rng.randint(0, 255, (5, 8, 8, 2)),
            g["done"]: [0, 0, 1, 0, 0],
            g["weights"]: rng.rand(5),
        }
        l, td, _ = sess.run([g["loss"], g["td"], g["train"]], feed)
        sess.run(g["update"])
        print(
            "step %d loss %.6f td %.5f" % (t, l, td.sum()),
            a,
            round(float(sess.run(g["eps"])), 3),
        )
print([v.name for v in g["q_vars"]])
