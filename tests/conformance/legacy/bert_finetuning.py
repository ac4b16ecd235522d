"""BERT pieces: modeling, AdamWeightDecayOptimizer, get_assignment_map, init_from_checkpoint."""

from __future__ import absolute_import, division, print_function

import collections
import copy
import json
import math
import os
import re
import tempfile

import numpy as np
import tensorflow as tf


class BertConfig(object):
    def __init__(
        self,
        vocab_size,
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=16,
        hidden_act="gelu",
        hidden_dropout_prob=0.1,
        attention_probs_dropout_prob=0.1,
        max_position_embeddings=16,
        type_vocab_size=2,
        initializer_range=0.02,
    ):
        self.__dict__.update({k: v for k, v in locals().items() if k != "self"})

    @classmethod
    def from_dict(cls, json_object):
        config = BertConfig(vocab_size=None)
        for key, value in json_object.items():
            config.__dict__[key] = value
        return config

    def to_json_string(self):
        return json.dumps(copy.deepcopy(self.__dict__), indent=2, sort_keys=True) + "\n"


def gelu(x):
    cdf = 0.5 * (1.0 + tf.tanh((np.sqrt(2 / np.pi) * (x + 0.044715 * tf.pow(x, 3)))))
    return x * cdf


def get_shape_list(tensor, expected_rank=None, name=None):
    if name is None:
        name = tensor.name
    shape = tensor.shape.as_list()
    non_static_indexes = []
    for index, dim in enumerate(shape):
        if dim is None:
            non_static_indexes.append(index)
    if not non_static_indexes:
        return shape
    dyn_shape = tf.shape(tensor)
    for index in non_static_indexes:
        shape[index] = dyn_shape[index]
    return shape


def dropout(input_tensor, dropout_prob):
    if dropout_prob is None or dropout_prob == 0.0:
        return input_tensor
    return tf.nn.dropout(input_tensor, 1.0 - dropout_prob)


def layer_norm(input_tensor, name=None):
    return tf.contrib.layers.layer_norm(
        inputs=input_tensor, begin_norm_axis=-1, begin_params_axis=-1, scope=name
    )


def create_initializer(initializer_range=0.02):
    return tf.truncated_normal_initializer(stddev=initializer_range)


def embedding_lookup(
    input_ids,
    vocab_size,
    embedding_size,
    initializer_range,
    word_embedding_name="word_embeddings",
    use_one_hot_embeddings=False,
):
    if input_ids.shape.ndims == 2:
        input_ids = tf.expand_dims(input_ids, axis=[-1])
    embedding_table = tf.get_variable(
        name=word_embedding_name,
        shape=[vocab_size, embedding_size],
        initializer=create_initializer(initializer_range),
    )
    flat_input_ids = tf.reshape(input_ids, [-1])
    if use_one_hot_embeddings:
        output = tf.matmul(
            tf.one_hot(flat_input_ids, depth=vocab_size), embedding_table
        )
    else:
        output = tf.gather(embedding_table, flat_input_ids)
    input_shape = get_shape_list(input_ids)
    output = tf.reshape(output, input_shape[0:-1] + [input_shape[-1] * embedding_size])
    return (output, embedding_table)


def embedding_postprocessor(x, token_type_ids, cfg):
    b, s, width = get_shape_list(x)
    token_type_table = tf.get_variable(
        "token_type_embeddings",
        shape=[cfg.type_vocab_size, width],
        initializer=create_initializer(),
    )
    one_hot_ids = tf.one_hot(
        tf.reshape(token_type_ids, [-1]), depth=cfg.type_vocab_size
    )
    x += tf.reshape(tf.matmul(one_hot_ids, token_type_table), [b, s, width])
    assert_op = tf.assert_less_equal(s, cfg.max_position_embeddings)
    with tf.control_dependencies([assert_op]):
        full = tf.get_variable(
            "position_embeddings",
            shape=[cfg.max_position_embeddings, width],
            initializer=create_initializer(),
        )
        position_embeddings = tf.slice(full, [0, 0], [s, -1])
        x += tf.reshape(
            position_embeddings, [1] * (len(x.shape.as_list()) - 2) + [s, width]
        )
    return dropout(layer_norm(x), cfg.hidden_dropout_prob)


def attention_layer(t, mask, heads, size, probs_dropout, batch, seq):
    def transpose_for_scores(i):
        return tf.transpose(tf.reshape(i, [batch, seq, heads, size]), [0, 2, 1, 3])

    q = tf.layers.dense(
        t, heads * size, name="query", kernel_initializer=create_initializer()
    )
    k = tf.layers.dense(
        t, heads * size, name="key", kernel_initializer=create_initializer()
    )
    v = tf.layers.dense(
        t, heads * size, name="value", kernel_initializer=create_initializer()
    )
    scores = tf.matmul(
        transpose_for_scores(q), transpose_for_scores(k), transpose_b=True
    )
    scores = tf.multiply(scores, 1.0 / math.sqrt(float(size)))
    adder = (1.0 - tf.cast(tf.expand_dims(mask, axis=[1]), tf.float32)) * -10000.0
    probs = dropout(tf.nn.softmax(scores + adder), probs_dropout)
    v = tf.transpose(tf.reshape(v, [batch, seq, heads, size]), [0, 2, 1, 3])
    ctx = tf.transpose(tf.matmul(probs, v), [0, 2, 1, 3])
    return tf.reshape(ctx, [batch * seq, heads * size])


class BertModel(object):
    def __init__(
        self,
        config,
        is_training,
        input_ids,
        input_mask=None,
        token_type_ids=None,
        scope=None,
    ):
        config = copy.deepcopy(config)
        if not is_training:
            config.hidden_dropout_prob = 0.0
            config.attention_probs_dropout_prob = 0.0
        batch, seq = get_shape_list(input_ids, expected_rank=2)
        if input_mask is None:
            input_mask = tf.ones(shape=[batch, seq], dtype=tf.int32)
        with tf.variable_scope(scope, default_name="bert"):
            with tf.variable_scope("embeddings"):
                (self.embedding_output, self.embedding_table) = embedding_lookup(
                    input_ids, config.vocab_size, config.hidden_size, 0.02
                )
                self.embedding_output = embedding_postprocessor(
                    self.embedding_output, token_type_ids, config
                )
            with tf.variable_scope("encoder"):
                to_mask = tf.cast(tf.reshape(input_mask, [batch, 1, seq]), tf.float32)
                mask = tf.ones(shape=[batch, seq, 1], dtype=tf.float32) * to_mask
                prev = tf.reshape(self.embedding_output, [-1, config.hidden_size])
                self.all_encoder_layers = []
                for layer_idx in range(config.num_hidden_layers):
                    with tf.variable_scope("layer_%d" % layer_idx):
                        with tf.variable_scope("attention"):
                            with tf.variable_scope("self"):
                                head = attention_layer(
                                    prev,
                                    mask,
                                    config.num_attention_heads,
                                    config.hidden_size // config.num_attention_heads,
                                    config.attention_probs_dropout_prob,
                                    batch,
                                    seq,
                                )
                            with tf.variable_scope("output"):
                                out = tf.layers.dense(
                                    head,
                                    config.hidden_size,
                                    kernel_initializer=create_initializer(),
                                )
                                out = layer_norm(
                                    dropout(out, config.hidden_dropout_prob) + prev
                                )
                        with tf.variable_scope("intermediate"):
                            inter = tf.layers.dense(
                                out,
                                config.intermediate_size,
                                activation=gelu,
                                kernel_initializer=create_initializer(),
                            )
                        with tf.variable_scope("output"):
                            o = tf.layers.dense(
                                inter,
                                config.hidden_size,
                                kernel_initializer=create_initializer(),
                            )
                            prev = layer_norm(
                                dropout(o, config.hidden_dropout_prob) + out
                            )
                            self.all_encoder_layers.append(
                                tf.reshape(prev, [batch, seq, config.hidden_size])
                            )
            self.sequence_output = self.all_encoder_layers[-1]
            with tf.variable_scope("pooler"):
                first_token_tensor = tf.squeeze(self.sequence_output[:, 0:1, :], axis=1)
                self.pooled_output = tf.layers.dense(
                    first_token_tensor,
                    config.hidden_size,
                    activation=tf.tanh,
                    kernel_initializer=create_initializer(),
                )


def get_assignment_map_from_checkpoint(tvars, init_checkpoint):
    assignment_map = {}
    initialized_variable_names = {}
    name_to_variable = collections.OrderedDict()
    for var in tvars:
        name = var.name
        m = re.match("^(.*):\\d+$", name)
        if m is not None:
            name = m.group(1)
        name_to_variable[name] = var
    init_vars = tf.train.list_variables(init_checkpoint)
    assignment_map = collections.OrderedDict()
    for x in init_vars:
        (name, var) = (x[0], x[1])
        if name not in name_to_variable:
            continue
        assignment_map[name] = name
        initialized_variable_names[name] = 1
        initialized_variable_names[name + ":0"] = 1
    return (assignment_map, initialized_variable_names)


class AdamWeightDecayOptimizer(tf.train.Optimizer):
    def __init__(
        self,
        learning_rate,
        weight_decay_rate=0.0,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-6,
        exclude_from_weight_decay=None,
        name="AdamWeightDecayOptimizer",
    ):
        super(AdamWeightDecayOptimizer, self).__init__(False, name)
        (
            self.learning_rate,
            self.weight_decay_rate,
            self.beta_1,
            self.beta_2,
            self.epsilon,
        ) = learning_rate, weight_decay_rate, beta_1, beta_2, epsilon
        self.exclude_from_weight_decay = exclude_from_weight_decay

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        assignments = []
        for grad, param in grads_and_vars:
            if grad is None or param is None:
                continue
            param_name = self._get_variable_name(param.name)
            m = tf.get_variable(
                name=param_name + "/adam_m",
                shape=param.shape.as_list(),
                dtype=tf.float32,
                trainable=False,
                initializer=tf.zeros_initializer(),
            )
            v = tf.get_variable(
                name=param_name + "/adam_v",
                shape=param.shape.as_list(),
                dtype=tf.float32,
                trainable=False,
                initializer=tf.zeros_initializer(),
            )
            next_m = tf.multiply(self.beta_1, m) + tf.multiply(1.0 - self.beta_1, grad)
            next_v = tf.multiply(self.beta_2, v) + tf.multiply(
                1.0 - self.beta_2, tf.square(grad)
            )
            update = next_m / (tf.sqrt(next_v) + self.epsilon)
            if self._do_use_weight_decay(param_name):
                update += self.weight_decay_rate * param
            update_with_lr = self.learning_rate * update
            next_param = param - update_with_lr
            assignments.extend(
                [param.assign(next_param), m.assign(next_m), v.assign(next_v)]
            )
        return tf.group(*assignments, name=name)

    def _do_use_weight_decay(self, param_name):
        if not self.weight_decay_rate:
            return False
        if self.exclude_from_weight_decay:
            for r in self.exclude_from_weight_decay:
                if re.search(r, param_name) is not None:
                    return False
        return True

    def _get_variable_name(self, param_name):
        m = re.match("^(.*):\\d+$", param_name)
        if m is not None:
            param_name = m.group(1)
        return param_name


def create_optimizer(loss, init_lr, num_train_steps, num_warmup_steps):
    global_step = tf.train.get_or_create_global_step()
    learning_rate = tf.constant(value=init_lr, shape=[], dtype=tf.float32)
    learning_rate = tf.train.polynomial_decay(
        learning_rate,
        global_step,
        num_train_steps,
        end_learning_rate=0.0,
        power=1.0,
        cycle=False,
    )
    if num_warmup_steps:
        global_steps_int = tf.cast(global_step, tf.int32)
        warmup_steps_int = tf.constant(num_warmup_steps, dtype=tf.int32)
        global_steps_float = tf.cast(global_steps_int, tf.float32)
        warmup_steps_float = tf.cast(warmup_steps_int, tf.float32)
        warmup_percent_done = global_steps_float / warmup_steps_float
        warmup_learning_rate = init_lr * warmup_percent_done
        is_warmup = tf.cast(global_steps_int < warmup_steps_int, tf.float32)
        learning_rate = (
            1.0 - is_warmup
        ) * learning_rate + is_warmup * warmup_learning_rate
    optimizer = AdamWeightDecayOptimizer(
        learning_rate=learning_rate,
        weight_decay_rate=0.01,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-6,
        exclude_from_weight_decay=["LayerNorm", "layer_norm", "bias"],
    )
    tvars = tf.trainable_variables()
    grads = tf.gradients(loss, tvars)
    (grads, _) = tf.clip_by_global_norm(grads, clip_norm=1.0)
    train_op = optimizer.apply_gradients(zip(grads, tvars), global_step=global_step)
    new_global_step = global_step + 1
    return tf.group(train_op, [global_step.assign(new_global_step)])


def pretrain(config, folder):
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.set_random_seed(1)
        BertModel(
            config,
            False,
            tf.zeros([2, 6], tf.int32),
            token_type_ids=tf.zeros([2, 6], tf.int32),
        )
        sess.run(tf.global_variables_initializer())
        return tf.train.Saver().save(sess, os.path.join(folder, "bert_model.ckpt"))


def main():
    config = BertConfig.from_dict(json.loads(BertConfig(20).to_json_string()))
    os.chdir(tempfile.mkdtemp())
    ckpt = pretrain(config, ".")
    tf.set_random_seed(31)
    input_ids = tf.placeholder(tf.int32, [None, 6], "input_ids")
    input_mask = tf.placeholder(tf.int32, [None, 6], "input_mask")
    segment_ids = tf.placeholder(tf.int32, [None, 6], "segment_ids")
    labels = tf.placeholder(tf.int32, [None], "label_ids")
    model = BertModel(config, True, input_ids, input_mask, segment_ids)
    output_weights = tf.get_variable(
        "output_weights",
        [3, 8],
        initializer=tf.truncated_normal_initializer(stddev=0.02),
    )
    output_bias = tf.get_variable(
        "output_bias", [3], initializer=tf.zeros_initializer()
    )
    with tf.variable_scope("loss"):
        output_layer = tf.nn.dropout(model.pooled_output, keep_prob=0.9)
        logits = tf.nn.bias_add(
            tf.matmul(output_layer, output_weights, transpose_b=True), output_bias
        )
        log_probs = tf.nn.log_softmax(logits, axis=-1)
        loss = tf.reduce_mean(
            -tf.reduce_sum(
                tf.one_hot(labels, depth=3, dtype=tf.float32) * log_probs, axis=-1
            )
        )
    tvars = tf.trainable_variables()
    (assignment_map, initialized) = get_assignment_map_from_checkpoint(tvars, ckpt)
    tf.train.init_from_checkpoint(ckpt, assignment_map)
    for var in tvars:
        init_string = ""
        if var.name in initialized:
            init_string = ", *INIT_FROM_CKPT*"
        print("  name = %s, shape = %s%s" % (var.name, var.shape, init_string))
    train_op = create_optimizer(loss, 5e-3, 10, 2)
    rng = np.random.RandomState(0)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for i in range(5):
            fd = {
                input_ids: rng.randint(0, 20, (4, 6)),
                input_mask: rng.randint(0, 2, (4, 6)),
                segment_ids: rng.randint(0, 2, (4, 6)),
                labels: rng.randint(0, 3, 4),
            }
            print("loss %.7g" % sess.run(loss, fd))
            sess.run(train_op, fd)


main()
