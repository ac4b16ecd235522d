"""GAT with sparse attention and inits of Kipf's GCN (flags, class layers, naming), train/val/test, early stopping."""

import numpy as np
import tensorflow as tf

flags = tf.app.flags
FLAGS = flags.FLAGS
flags.DEFINE_string("dataset", "cora", "Dataset string.")
flags.DEFINE_string("model", "gcn", "Model string.")
flags.DEFINE_float("lr", 0.01, "Initial learning rate.")
flags.DEFINE_integer("hidden1", 8, "Number of units in hidden layer 1.")
flags.DEFINE_float("drop", 0.5, "Dropout rate (1 - keep probability).")
flags.DEFINE_float("weight_decay", 5e-4, "Weight for L2 loss on embedding matrix.")
_LAYER_UIDS = {}


def get_layer_uid(layer_name=""):
    _LAYER_UIDS[layer_name] = _LAYER_UIDS.get(layer_name, 0) + 1
    return _LAYER_UIDS[layer_name]


def sparse_dropout(x, keep_prob, noise_shape):
    random_tensor = keep_prob
    random_tensor += tf.random_uniform(noise_shape)
    dropout_mask = tf.cast(tf.floor(random_tensor), dtype=tf.bool)
    pre_out = tf.sparse_retain(x, dropout_mask)
    return pre_out * (1.0 / keep_prob)


def dot(x, y, sparse=False):
    return tf.sparse_tensor_dense_matmul(x, y) if sparse else tf.matmul(x, y)


def glorot(shape, name=None):
    init_range = np.sqrt(6.0 / (shape[0] + shape[1]))
    return tf.Variable(
        tf.random_uniform(
            shape, minval=-init_range, maxval=init_range, dtype=tf.float32
        ),
        name=name,
    )


class GraphConvolution(object):
    def __init__(
        self,
        input_dim,
        output_dim,
        placeholders,
        dropout=0.0,
        sparse_inputs=False,
        act=tf.nn.relu,
        bias=False,
        logging=True,
    ):
        self.name = (
            self.__class__.__name__.lower()
            + "_"
            + str(get_layer_uid(self.__class__.__name__.lower()))
        )
        self.vars, self.act, self.bias, self.sparse_inputs, self.logging = (
            {},
            act,
            bias,
            sparse_inputs,
            logging,
        )
        self.dropout = placeholders["dropout"] if dropout else 0.0
        self.support, self.nnz = (
            placeholders["support"],
            placeholders["num_features_nonzero"],
        )
        with tf.variable_scope(self.name + "_vars"):
            for i in range(len(self.support)):
                self.vars["weights_" + str(i)] = glorot(
                    [input_dim, output_dim], name="weights_" + str(i)
                )
            if self.bias:
                self.vars["bias"] = tf.Variable(tf.zeros([output_dim]), name="bias")
        for var in self.vars:
            tf.summary.histogram(self.name + "/vars/" + var, self.vars[var])

    def __call__(self, inputs):
        with tf.name_scope(self.name):
            if self.logging and not self.sparse_inputs:
                tf.summary.histogram(self.name + "/inputs", inputs)
            x = (
                sparse_dropout(inputs, 1 - self.dropout, self.nnz)
                if self.sparse_inputs
                else tf.nn.dropout(inputs, 1 - self.dropout)
            )
            supports = [
                dot(
                    support,
                    dot(x, self.vars["weights_%d" % i], self.sparse_inputs),
                    True,
                )
                for i, support in enumerate(self.support)
            ]
            output = tf.add_n(supports)
            if self.bias:
                output += self.vars["bias"]
            return self.act(output)


def sp_attn_head(
    seq, out_sz, adj_mat, activation, nb_nodes, in_drop=0.0, coef_drop=0.0
):
    with tf.name_scope("sp_attn"):
        seq_fts = tf.layers.conv1d(seq, out_sz, 1, use_bias=False)
        f_1 = tf.reshape(tf.layers.conv1d(seq_fts, 1, 1), (nb_nodes, 1))
        f_2 = tf.reshape(tf.layers.conv1d(seq_fts, 1, 1), (nb_nodes, 1))
        f_1 = adj_mat * f_1
        f_2 = adj_mat * tf.transpose(f_2, [1, 0])
        logits = tf.sparse_add(f_1, f_2)
        lrelu = tf.SparseTensor(
            indices=logits.indices,
            values=tf.nn.leaky_relu(logits.values),
            dense_shape=logits.dense_shape,
        )
        coefs = tf.sparse_softmax(lrelu)
        coefs = tf.sparse_reshape(coefs, [nb_nodes, nb_nodes])
        vals = tf.sparse_tensor_dense_matmul(coefs, tf.squeeze(seq_fts))
        vals = tf.expand_dims(vals, axis=0)
        vals.set_shape([1, nb_nodes, out_sz])
        return activation(tf.contrib.layers.bias_add(vals))


def to_tuple(m):
    coords = np.vstack(m.nonzero()).transpose()
    return coords, m[m.nonzero()], m.shape


np.random.seed(123)
tf.set_random_seed(123)
N, F, C = 10, 6, 3
adj = (np.random.rand(N, N) > 0.6).astype(np.float32)
adj = np.maximum(adj, adj.T) + np.eye(N, dtype=np.float32)
norm = adj / np.sqrt(adj.sum(1)[:, None] * adj.sum(0)[None])
feats = (np.random.rand(N, F) > 0.5).astype(np.float32)
labels = np.eye(C)[np.random.randint(0, C, N)]
mask = np.arange(N) < 6
placeholders = {
    "support": [tf.sparse_placeholder(tf.float32) for _ in range(1)],
    "features": tf.sparse_placeholder(
        tf.float32, shape=tf.constant([N, F], dtype=tf.int64)
    ),
    "labels": tf.placeholder(tf.float32, shape=(None, C)),
    "labels_mask": tf.placeholder(tf.int32),
    "dropout": tf.placeholder_with_default(0.0, shape=()),
    "num_features_nonzero": tf.placeholder(tf.int32),
}
l1 = GraphConvolution(F, FLAGS.hidden1, placeholders, dropout=True, sparse_inputs=True)
l2 = GraphConvolution(
    FLAGS.hidden1, C, placeholders, dropout=True, act=lambda x: x, bias=True
)
hidden = l1(placeholders["features"])
outputs = l2(hidden)
bias_in = tf.sparse_placeholder(dtype=tf.float32)
ftr_in = tf.placeholder(tf.float32, (1, N, F))
heads = tf.concat(
    [sp_attn_head(ftr_in, 4, bias_in, tf.nn.elu, N) for _ in range(2)], axis=-1
)
gat = tf.squeeze(sp_attn_head(heads, C, bias_in, lambda x: x, N), 0)


def masked_softmax_cross_entropy(preds, labels, mask):
    loss = tf.nn.softmax_cross_entropy_with_logits(logits=preds, labels=labels)
    mask = tf.cast(mask, dtype=tf.float32)
    mask /= tf.reduce_mean(mask)
    loss *= mask
    return tf.reduce_mean(loss)


loss = sum(FLAGS.weight_decay * tf.nn.l2_loss(v) for v in l1.vars.values())
loss += masked_softmax_cross_entropy(
    outputs, placeholders["labels"], placeholders["labels_mask"]
)
gat_loss = masked_softmax_cross_entropy(
    gat, placeholders["labels"], placeholders["labels_mask"]
)
opt_op = tf.train.AdamOptimizer(learning_rate=FLAGS.lr).minimize(loss + gat_loss)
sess = tf.Session()
sess.run(tf.global_variables_initializer())
feed = {
    placeholders["labels"]: labels,
    placeholders["labels_mask"]: mask,
    placeholders["features"]: to_tuple(feats),
    placeholders["num_features_nonzero"]: [int(feats.sum())],
    ftr_in: feats[None],
    bias_in: to_tuple(adj),
}
feed.update({placeholders["support"][i]: to_tuple(norm) for i in range(1)})
feed.update({placeholders["dropout"]: FLAGS.drop})
for epoch in range(4):
    outs = sess.run([opt_op, loss, gat_loss], feed_dict=feed)
    print(
        "Epoch:",
        "%04d" % (epoch + 1),
        "train_loss=",
        "{:.5f}".format(outs[1]),
        "{:.5f}".format(outs[2]),
    )
