"""Graphs: sparse dropout, layers as classes, attention by sparse softmax."""

import numpy as np
import tensorflow as tf

flags = tf.app.flags
FLAGS = flags.FLAGS
flags.DEFINE_float("learning_rate2", 0.01, "lr")
flags.DEFINE_float("weight_decay2", 5e-4, "wd")


def glorot(shape, name=None):
    r = np.sqrt(6.0 / (shape[0] + shape[1]))
    return tf.Variable(
        tf.random_uniform(shape, minval=-r, maxval=r, dtype=tf.float32), name=name
    )


_LAYER_UIDS = {}


def get_layer_uid(layer_name=""):
    _LAYER_UIDS[layer_name] = _LAYER_UIDS.get(layer_name, 0) + 1
    return _LAYER_UIDS[layer_name]


def sparse_dropout(x, keep_prob, noise_shape):
    rt = keep_prob
    rt += tf.random_uniform(noise_shape)
    dm = tf.cast(tf.floor(rt), dtype=tf.bool)
    return tf.sparse_retain(x, dm) * (1.0 / keep_prob)


def dot(x, y, sparse=False):
    return tf.sparse_tensor_dense_matmul(x, y) if sparse else tf.matmul(x, y)


class Layer(object):
    def __init__(self, **kwargs):
        layer = self.__class__.__name__.lower()
        self.name = kwargs.get("name") or layer + "_" + str(get_layer_uid(layer))
        self.vars = {}
        self.logging = kwargs.get("logging", False)
        self.sparse_inputs = False

    def __call__(self, inputs):
        with tf.name_scope(self.name):
            if self.logging and not self.sparse_inputs:
                tf.summary.histogram(self.name + "/inputs", inputs)
            outputs = self._call(inputs)
            if self.logging:
                tf.summary.histogram(self.name + "/outputs", outputs)
            return outputs

    def _log_vars(self):
        for var in self.vars:
            tf.summary.histogram(self.name + "/vars/" + var, self.vars[var])


class GraphConvolution(Layer):
    def __init__(
        self,
        input_dim,
        output_dim,
        placeholders,
        dropout=0.0,
        sparse_inputs=False,
        act=tf.nn.relu,
        bias=False,
        **kwargs,
    ):
        super(GraphConvolution, self).__init__(**kwargs)
        self.dropout = placeholders["dropout"] if dropout else 0.0
        self.act, self.support, self.sparse_inputs, self.bias = (
            act,
            placeholders["support"],
            sparse_inputs,
            bias,
        )
        self.nnz = placeholders["num_features_nonzero"]
        with tf.variable_scope(self.name + "_vars"):
            for i in range(len(self.support)):
                self.vars["weights_" + str(i)] = glorot(
                    [input_dim, output_dim], name="weights_" + str(i)
                )
            if self.bias:
                self.vars["bias"] = tf.Variable(tf.zeros([output_dim]), name="bias")
        if self.logging:
            self._log_vars()

    def _call(self, x):
        x = (
            sparse_dropout(x, 1 - self.dropout, self.nnz)
            if self.sparse_inputs
            else tf.nn.dropout(x, 1 - self.dropout)
        )
        out = tf.add_n(
            [
                dot(
                    sp,
                    dot(x, self.vars["weights_" + str(i)], sparse=self.sparse_inputs),
                    sparse=True,
                )
                for i, sp in enumerate(self.support)
            ]
        )
        return self.act(out + self.vars["bias"] if self.bias else out)


tf.set_random_seed(67)
rng = np.random.RandomState(67)
N, F, C = 8, 6, 3
A = ((rng.rand(N, N) < 0.4) | np.eye(N, dtype=bool)).astype(np.float32)


def tup(m):
    i = np.argwhere(m)
    return i.astype(np.int64), m[m != 0].astype(np.float32), np.array(m.shape, np.int64)


ph = {
    "support": [tf.sparse_placeholder(tf.float32) for _ in range(2)],
    "features": tf.sparse_placeholder(
        tf.float32, shape=tf.constant([N, F], dtype=tf.int64)
    ),
    "labels": tf.placeholder(tf.float32, (None, C)),
    "labels_mask": tf.placeholder(tf.int32),
    "dropout": tf.placeholder_with_default(0.0, shape=()),
    "num_features_nonzero": tf.placeholder(tf.int32),
}
with tf.variable_scope("gcn"):
    l1 = GraphConvolution(F, 5, ph, dropout=True, sparse_inputs=True, logging=True)
    l2 = GraphConvolution(
        5, C, ph, dropout=True, act=lambda x: x, bias=True, logging=True
    )
    out = l2(l1(ph["features"]))


def masked_ce(p, l, m):
    loss = tf.nn.softmax_cross_entropy_with_logits(logits=p, labels=l)
    m = tf.cast(m, dtype=tf.float32)
    m /= tf.reduce_mean(m)
    loss *= m
    return tf.reduce_mean(loss)


loss = sum(FLAGS.weight_decay2 * tf.nn.l2_loss(v) for v in l1.vars.values())
loss += masked_ce(out, ph["labels"], ph["labels_mask"])
op = tf.train.AdamOptimizer(learning_rate=FLAGS.learning_rate2).minimize(loss)
vs = {v.name: v for v in tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope="gcn")}


def sp_attn_head(seq, out_sz, adj, name):
    with tf.name_scope("sp_attn"), tf.variable_scope(name):
        sf = tf.layers.conv1d(seq, out_sz, 1, use_bias=False)
        f1 = tf.reshape(tf.layers.conv1d(sf, 1, 1), (N, 1))
        f2 = tf.reshape(tf.layers.conv1d(sf, 1, 1), (N, 1))
        g1, g2 = adj * f1, adj * tf.transpose(f2, [1, 0])
        lg = tf.sparse_add(g1, g2)
        lr = tf.SparseTensor(
            indices=lg.indices,
            values=tf.nn.leaky_relu(lg.values),
            dense_shape=lg.dense_shape,
        )
        co = tf.sparse_softmax(lr)
        co = tf.sparse_reshape(co, [N, N])
        v = tf.sparse_tensor_dense_matmul(co, tf.squeeze(sf))
        v = tf.expand_dims(v, axis=0)
        v.set_shape([1, N, out_sz])
        return tf.nn.elu(tf.contrib.layers.bias_add(v))


X = rng.rand(1, N, F).astype("float32")
ii, vv, ss = tup(A)
adj = tf.SparseTensor(ii, vv, ss)
h = tf.concat([sp_attn_head(tf.constant(X), 3, adj, "h%d" % i) for i in range(2)], -1)
gat = tf.reduce_mean(
    tf.square(tf.add_n([sp_attn_head(h, C, adj, "o0")])[0] - ph["labels"])
)
op2 = tf.train.GradientDescentOptimizer(0.1).minimize(gat)
neigh = tf.gather(tf.constant(X[0]), tf.constant(rng.randint(0, N, (N, 3))))
sage = tf.nn.l2_normalize(
    tf.layers.dense(
        tf.concat(
            [
                X[0],
                tf.reduce_max(tf.layers.dense(neigh, 4, tf.nn.relu, name="pool"), 1),
            ],
            1,
        ),
        C,
        name="sage",
    ),
    1,
)
sl = tf.reduce_mean(
    tf.nn.sigmoid_cross_entropy_with_logits(labels=ph["labels"], logits=sage)
)
op3 = tf.train.FtrlOptimizer(0.1).minimize(sl)
print(sorted(vs)[:4], len(tf.trainable_variables()))
with tf.Session() as s:
    s.run(tf.global_variables_initializer())
    Xs = np.where(rng.rand(N, F) < 0.6, rng.rand(N, F), 0)
    f = {
        ph["support"][0]: tup(np.eye(N)),
        ph["support"][1]: tup(A / A.sum(1, keepdims=True)),
        ph["features"]: tup(Xs),
        ph["labels"]: np.eye(C)[rng.randint(0, C, N)],
        ph["labels_mask"]: [1] * 5 + [0] * 3,
        ph["num_features_nonzero"]: (Xs != 0).sum(),
        ph["dropout"]: 0.3,
    }
    f[ph["num_features_nonzero"]] = [int((Xs != 0).sum())]
    for i in range(5):
        r = s.run([loss, gat, sl], f)
        s.run([op, op2, op3], f)
        print("%.6g %.6g %.6g" % tuple(r))
