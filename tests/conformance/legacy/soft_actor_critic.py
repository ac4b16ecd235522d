"""Soft actor critic with squashed gaussian (spinningup style), target networks by polyak."""

import numpy as np
import tensorflow as tf

EPS = 1e-8
LOG_STD_MAX, LOG_STD_MIN = 2, -20


def placeholder(dim=None):
    return tf.placeholder(dtype=tf.float32, shape=(None, dim) if dim else (None,))


def placeholders(*args):
    return [placeholder(dim) for dim in args]


def mlp(x, hidden_sizes=(32,), activation=tf.tanh, output_activation=None):
    for h in hidden_sizes[:-1]:
        x = tf.layers.dense(x, units=h, activation=activation)
    return tf.layers.dense(x, units=hidden_sizes[-1], activation=output_activation)


def get_vars(scope):
    return [x for x in tf.global_variables() if scope in x.name]


def count_vars(scope):
    return sum([np.prod(var.shape.as_list()) for var in get_vars(scope)])


def gaussian_likelihood(x, mu, log_std):
    pre_sum = -0.5 * (
        ((x - mu) / (tf.exp(log_std) + EPS)) ** 2 + 2 * log_std + np.log(2 * np.pi)
    )
    return tf.reduce_sum(pre_sum, axis=1)


def clip_but_pass_gradient(x, l=-1.0, u=1.0):
    clip_up = tf.cast(x > u, tf.float32)
    clip_low = tf.cast(x < l, tf.float32)
    return x + tf.stop_gradient((u - x) * clip_up + (l - x) * clip_low)


def mlp_gaussian_policy(x, a, hidden_sizes, activation, output_activation):
    act_dim = a.shape.as_list()[-1]
    net = mlp(x, list(hidden_sizes), activation, activation)
    mu = tf.layers.dense(net, act_dim, activation=output_activation)
    log_std = tf.layers.dense(net, act_dim, activation=tf.tanh)
    log_std = LOG_STD_MIN + 0.5 * (LOG_STD_MAX - LOG_STD_MIN) * (log_std + 1)
    std = tf.exp(log_std)
    pi = mu + tf.random_normal(tf.shape(mu)) * std
    return mu, pi, gaussian_likelihood(pi, mu, log_std)


def apply_squashing_func(mu, pi, logp_pi):
    mu = tf.tanh(mu)
    pi = tf.tanh(pi)
    logp_pi -= tf.reduce_sum(
        tf.log(clip_but_pass_gradient(1 - pi**2, l=0, u=1) + 1e-6), axis=1
    )
    return mu, pi, logp_pi


def actor_critic(x, a, hidden_sizes=(16, 16)):
    with tf.variable_scope("pi"):
        mu, pi, logp_pi = mlp_gaussian_policy(x, a, hidden_sizes, tf.nn.relu, None)
        mu, pi, logp_pi = apply_squashing_func(mu, pi, logp_pi)

    def vf_mlp(x):
        return tf.squeeze(mlp(x, list(hidden_sizes) + [1], tf.nn.relu, None), axis=1)

    with tf.variable_scope("q1"):
        q1 = vf_mlp(tf.concat([x, a], axis=-1))
    with tf.variable_scope("q1", reuse=True):
        q1_pi = vf_mlp(tf.concat([x, pi], axis=-1))
    with tf.variable_scope("q2"):
        q2 = vf_mlp(tf.concat([x, a], axis=-1))
    with tf.variable_scope("q2", reuse=True):
        q2_pi = vf_mlp(tf.concat([x, pi], axis=-1))
    with tf.variable_scope("v"):
        v = vf_mlp(x)
    return mu, pi, logp_pi, q1, q2, q1_pi, q2_pi, v


def sac(seed=0, gamma=0.99, polyak=0.995, lr=1e-3, alpha=0.2, obs_dim=4, act_dim=2):
    tf.set_random_seed(seed)
    np.random.seed(seed)
    x_ph, a_ph, x2_ph, r_ph, d_ph = placeholders(obs_dim, act_dim, obs_dim, None, None)
    with tf.variable_scope("main"):
        mu, pi, logp_pi, q1, q2, q1_pi, q2_pi, v = actor_critic(x_ph, a_ph)
    with tf.variable_scope("target"):
        _, _, _, _, _, _, _, v_targ = actor_critic(x2_ph, a_ph)
    print(
        "Number of parameters:",
        tuple(
            int(count_vars(s))
            for s in ["main/pi", "main/q1", "main/q2", "main/v", "main"]
        ),
    )
    min_q_pi = tf.minimum(q1_pi, q2_pi)
    q_backup = tf.stop_gradient(r_ph + gamma * (1 - d_ph) * v_targ)
    v_backup = tf.stop_gradient(min_q_pi - alpha * logp_pi)
    pi_loss = tf.reduce_mean(alpha * logp_pi - q1_pi)
    q1_loss = 0.5 * tf.reduce_mean((q_backup - q1) ** 2)
    q2_loss = 0.5 * tf.reduce_mean((q_backup - q2) ** 2)
    v_loss = 0.5 * tf.reduce_mean((v_backup - v) ** 2)
    value_loss = q1_loss + q2_loss + v_loss
    pi_optimizer = tf.train.AdamOptimizer(learning_rate=lr)
    train_pi_op = pi_optimizer.minimize(pi_loss, var_list=get_vars("main/pi"))
    value_optimizer = tf.train.AdamOptimizer(learning_rate=lr)
    value_params = get_vars("main/q") + get_vars("main/v")
    with tf.control_dependencies([train_pi_op]):
        train_value_op = value_optimizer.minimize(value_loss, var_list=value_params)
    with tf.control_dependencies([train_value_op]):
        target_update = tf.group(
            [
                tf.assign(v_targ, polyak * v_targ + (1 - polyak) * v_main)
                for v_main, v_targ in zip(get_vars("main"), get_vars("target"))
            ]
        )
    step_ops = [
        pi_loss,
        q1_loss,
        q2_loss,
        v_loss,
        q1,
        q2,
        v,
        logp_pi,
        train_pi_op,
        train_value_op,
        target_update,
    ]
    target_init = tf.group(
        [
            tf.assign(v_targ, v_main)
            for v_main, v_targ in zip(get_vars("main"), get_vars("target"))
        ]
    )
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    sess.run(target_init)
    for j in range(4):
        feed = {
            x_ph: np.random.randn(8, obs_dim),
            x2_ph: np.random.randn(8, obs_dim),
            a_ph: np.random.uniform(-1, 1, (8, act_dim)),
            r_ph: np.random.randn(8),
            d_ph: np.zeros(8),
        }
        outs = sess.run(step_ops, feed)
        print("LossPi %.6f LossQ1 %.6f LossQ2 %.6f LossV %.6f" % tuple(outs[:4]))
    print("Action %.5f %.5f" % tuple(sess.run(mu, {x_ph: np.ones((1, obs_dim))})[0]))


sac()
