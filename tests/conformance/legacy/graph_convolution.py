"""Graph convolution with sparse placeholders and counted layer names."""

import numpy as np
import tensorflow as tf

flags = tf.app.flags
FLAGS = flags.FLAGS
flags.DEFINE_float("learning_rate", 0.01, "Initial learning rate.")
flags.DEFINE_integer("hidden1", 8, "Number of units in hidden layer 1.")
flags.DEFINE_float("dropout", 0.5, "Dropout rate (1 - keep probability).")
flags.DEFINE_float("weight_decay", 5e-4, "Weight for L2 loss on embedding matrix.")
_LAYER_UIDS = {}


def uniform(shape, scale=0.05, name=None):
    return tf.Variable(
        tf.random_uniform(shape, minval=-scale, maxval=scale, dtype=tf.float32),
        name=name,
    )


def glorot(shape, name=None):
    init_range = np.sqrt(6.0 / (shape[0] + shape[1]))
    initial = tf.random_uniform(
        shape, minval=-init_range, maxval=init_range, dtype=tf.float32
    )
    return tf.Variable(initial, name=name)


def zeros(shape, name=None):
    return tf.Variable(tf.zeros(shape, dtype=tf.float32), name=name)


def get_layer_uid(layer_name=""):
    if layer_name not in _LAYER_UIDS:
        _LAYER_UIDS[layer_name] = 1
        return 1
    _LAYER_UIDS[layer_name] += 1
    return _LAYER_UIDS[layer_name]


def sparse_dropout(x, keep_prob, noise_shape):
    random_tensor = keep_prob
    random_tensor += tf.random_uniform(noise_shape)
    dropout_mask = tf.cast(tf.floor(random_tensor), dtype=tf.bool)
    pre_out = tf.sparse_retain(x, dropout_mask)
    return pre_out * (1.0 / keep_prob)


def dot(x, y, sparse=False):
    if sparse:
        res = tf.sparse_tensor_dense_matmul(x, y)
    else:
        res = tf.matmul(x, y)
    return res


def masked_softmax_cross_entropy(preds, labels, mask):
    loss = tf.nn.softmax_cross_entropy_with_logits(logits=preds, labels=labels)
    mask = tf.cast(mask, dtype=tf.float32)
    mask /= tf.reduce_mean(mask)
    loss *= mask
    return tf.reduce_mean(loss)


def masked_accuracy(preds, labels, mask):
    correct_prediction = tf.equal(tf.argmax(preds, 1), tf.argmax(labels, 1))
    accuracy_all = tf.cast(correct_prediction, tf.float32)
    mask = tf.cast(mask, dtype=tf.float32)
    mask /= tf.reduce_mean(mask)
    accuracy_all *= mask
    return tf.reduce_mean(accuracy_all)


class Layer(object):
    def __init__(self, **kwargs):
        allowed_kwargs = {"name", "logging"}
        for kwarg in kwargs.keys():
            assert kwarg in allowed_kwargs, "Invalid keyword argument: " + kwarg
        name = kwargs.get("name")
        if not name:
            layer = self.__class__.__name__.lower()
            name = layer + "_" + str(get_layer_uid(layer))
        self.name = name
        self.vars = {}
        self.logging = kwargs.get("logging", False)
        self.sparse_inputs = False

    def _call(self, inputs):
        return inputs

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
        featureless=False,
        **kwargs,
    ):
        super(GraphConvolution, self).__init__(**kwargs)
        self.dropout = placeholders["dropout"] if dropout else 0.0
        self.act, self.support = act, placeholders["support"]
        self.sparse_inputs, self.featureless, self.bias = (
            sparse_inputs,
            featureless,
            bias,
        )
        self.num_features_nonzero = placeholders["num_features_nonzero"]
        with tf.variable_scope(self.name + "_vars"):
            for i in range(len(self.support)):
                self.vars["weights_" + str(i)] = glorot(
                    [input_dim, output_dim], name="weights_" + str(i)
                )
            if self.bias:
                self.vars["bias"] = zeros([output_dim], name="bias")
        if self.logging:
            self._log_vars()

    def _call(self, inputs):
        x = inputs
        if self.sparse_inputs:
            x = sparse_dropout(x, 1 - self.dropout, self.num_features_nonzero)
        else:
            x = tf.nn.dropout(x, 1 - self.dropout)
        supports = []
        for i in range(len(self.support)):
            pre_sup = (
                dot(x, self.vars["weights_" + str(i)], sparse=self.sparse_inputs)
                if not self.featureless
                else self.vars["weights_" + str(i)]
            )
            supports.append(dot(self.support[i], pre_sup, sparse=True))
        output = tf.add_n(supports)
        if self.bias:
            output += self.vars["bias"]
        return self.act(output)


class Model(object):
    def __init__(self, **kwargs):
        self.name = kwargs.get("name") or self.__class__.__name__.lower()
        self.vars, self.placeholders, self.layers, self.activations = {}, {}, [], []
        self.loss, self.accuracy = 0, 0

    def build(self):
        with tf.variable_scope(self.name):
            self._build()
        self.activations.append(self.inputs)
        for layer in self.layers:
            self.activations.append(layer(self.activations[-1]))
        self.outputs = self.activations[-1]
        variables = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope=self.name)
        self.vars = {var.name: var for var in variables}
        self._loss()
        self.opt_op = self.optimizer.minimize(self.loss)


class GCN(Model):
    def __init__(self, placeholders, input_dim, **kwargs):
        super(GCN, self).__init__(**kwargs)
        self.inputs = placeholders["features"]
        self.input_dim, self.output_dim = (
            input_dim,
            placeholders["labels"].get_shape().as_list()[1],
        )
        self.placeholders = placeholders
        self.optimizer = tf.train.AdamOptimizer(learning_rate=FLAGS.learning_rate)
        self.build()

    def _loss(self):
        for var in self.layers[0].vars.values():
            self.loss += FLAGS.weight_decay * tf.nn.l2_loss(var)
        self.loss += masked_softmax_cross_entropy(
            self.outputs, self.placeholders["labels"], self.placeholders["labels_mask"]
        )
        self.accuracy = masked_accuracy(
            self.outputs, self.placeholders["labels"], self.placeholders["labels_mask"]
        )

    def _build(self):
        self.layers.append(
            GraphConvolution(
                self.input_dim,
                FLAGS.hidden1,
                self.placeholders,
                dropout=True,
                sparse_inputs=True,
                logging=True,
            )
        )
        self.layers.append(
            GraphConvolution(
                FLAGS.hidden1,
                self.output_dim,
                self.placeholders,
                dropout=True,
                act=lambda x: x,
                bias=True,
            )
        )


def sparse_to_tuple(m):
    i = np.argwhere(m != 0)
    return i, m[m != 0], m.shape


seed = 123
np.random.seed(seed)
tf.set_random_seed(seed)
N, F = 9, 7
adj = np.eye(N) + (np.random.rand(N, N) > 0.7)
feats = (np.random.rand(N, F) > 0.6) * 1.0
placeholders = {
    "support": [tf.sparse_placeholder(tf.float32) for _ in range(2)],
    "features": tf.sparse_placeholder(
        tf.float32, shape=tf.constant((N, F), dtype=tf.int64)
    ),
    "labels": tf.placeholder(tf.float32, shape=(None, 3)),
    "labels_mask": tf.placeholder(tf.int32),
    "dropout": tf.placeholder_with_default(0.0, shape=()),
    "num_features_nonzero": tf.placeholder(tf.int32),
}
model = GCN(placeholders, input_dim=F, name="gcn_model")
sess = tf.Session()
sess.run(tf.global_variables_initializer())
sup = [sparse_to_tuple(adj / adj.sum(1, keepdims=True)), sparse_to_tuple(np.eye(N))]
f = sparse_to_tuple(feats)
for epoch in range(5):
    fd = {
        placeholders["labels"]: np.eye(3)[np.random.randint(0, 3, N)],
        placeholders["labels_mask"]: np.random.randint(0, 2, N) + [1] + [0] * (N - 1)
        if False
        else np.ones(N),
        placeholders["features"]: f,
        placeholders["num_features_nonzero"]: f[1].shape,
    }
    fd.update({placeholders["support"][i]: sup[i] for i in range(2)})
    outs = sess.run([model.loss, model.accuracy], feed_dict=fd)
    fd.update({placeholders["dropout"]: FLAGS.dropout})
    sess.run(model.opt_op, feed_dict=fd)
    print(
        "Epoch:",
        "%04d" % (epoch + 1),
        "train_loss= %.7g" % outs[0],
        "train_acc=",
        "{:.5f}".format(outs[1]),
    )
