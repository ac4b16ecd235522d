"""WaveNet: dilated causal convolutions by moving time to the batch."""

import numpy as np
import tensorflow as tf


def create_variable(name, shape):
    """Create a convolution filter variable with the specified name and shape, Xavier."""
    initializer = tf.contrib.layers.xavier_initializer_conv2d()
    variable = tf.Variable(initializer(shape=shape), name=name)
    return variable


def create_embedding_table(name, shape):
    if shape[0] == shape[1]:
        initial_val = np.identity(n=shape[0], dtype=np.float32)
        return tf.Variable(initial_val, name=name)
    else:
        return create_variable(name, shape)


def create_bias_variable(name, shape):
    initializer = tf.constant_initializer(value=0.0, dtype=tf.float32)
    return tf.Variable(initializer(shape=shape), name)


def time_to_batch(value, dilation, name=None):
    with tf.name_scope("time_to_batch"):
        shape = tf.shape(value)
        pad_elements = dilation - 1 - (shape[1] + dilation - 1) % dilation
        padded = tf.pad(value, [[0, 0], [0, pad_elements], [0, 0]])
        reshaped = tf.reshape(padded, [-1, dilation, shape[2]])
        transposed = tf.transpose(reshaped, perm=[1, 0, 2])
        return tf.reshape(transposed, [shape[0] * dilation, -1, shape[2]])


def batch_to_time(value, dilation, name=None):
    with tf.name_scope("batch_to_time"):
        shape = tf.shape(value)
        prepared = tf.reshape(value, [dilation, -1, shape[2]])
        transposed = tf.transpose(prepared, perm=[1, 0, 2])
        return tf.reshape(transposed, [tf.div(shape[0], dilation), -1, shape[2]])


def causal_conv(value, filter_, dilation, name="causal_conv"):
    with tf.name_scope(name):
        filter_width = tf.shape(filter_)[0]
        if dilation > 1:
            transformed = time_to_batch(value, dilation)
            conv = tf.nn.conv1d(transformed, filter_, stride=1, padding="VALID")
            restored = batch_to_time(conv, dilation)
        else:
            restored = tf.nn.conv1d(value, filter_, stride=1, padding="VALID")
        out_width = tf.shape(value)[1] - (filter_width - 1) * dilation
        result = tf.slice(restored, [0, 0, 0], [-1, out_width, -1])
        return result


def mu_law_encode(audio, quantization_channels):
    with tf.name_scope("encode"):
        mu = tf.to_float(quantization_channels - 1)
        safe_audio_abs = tf.minimum(tf.abs(audio), 1.0)
        magnitude = tf.log1p(mu * safe_audio_abs) / tf.log1p(mu)
        signal = tf.sign(audio) * magnitude
        return tf.to_int32((signal + 1) / 2 * mu + 0.5)


def mu_law_decode(output, quantization_channels):
    with tf.name_scope("decode"):
        mu = quantization_channels - 1
        signal = 2 * (tf.to_float(output) / mu) - 1
        magnitude = (1 / mu) * ((1 + mu) ** abs(signal) - 1)
        return tf.sign(signal) * magnitude


class WaveNetModel(object):
    def __init__(
        self,
        batch_size,
        dilations,
        filter_width=2,
        residual_channels=4,
        dilation_channels=4,
        skip_channels=6,
        quantization_channels=16,
        use_biases=True,
        histograms=True,
        global_condition_channels=3,
        global_condition_cardinality=5,
    ):
        self.__dict__.update(locals())
        self.receptive_field = (
            (filter_width - 1) * sum(dilations) + 1 + filter_width - 1
        )
        self.variables = self._create_variables()

    def _create_variables(self):
        var = {}
        with tf.variable_scope("wavenet"):
            with tf.variable_scope("embeddings"):
                layer = {}
                layer["gc_embedding"] = create_embedding_table(
                    "gc_embedding",
                    [self.global_condition_cardinality, self.global_condition_channels],
                )
                var["embeddings"] = layer
            with tf.variable_scope("causal_layer"):
                layer = {}
                layer["filter"] = create_variable(
                    "filter",
                    [
                        self.filter_width,
                        self.quantization_channels,
                        self.residual_channels,
                    ],
                )
                var["causal_layer"] = layer
            var["dilated_stack"] = []
            with tf.variable_scope("dilated_stack"):
                for i, dilation in enumerate(self.dilations):
                    with tf.variable_scope("layer{}".format(i)):
                        current = {}
                        for n in ("filter", "gate"):
                            current[n] = create_variable(
                                n,
                                [
                                    self.filter_width,
                                    self.residual_channels,
                                    self.dilation_channels,
                                ],
                            )
                        current["dense"] = create_variable(
                            "dense", [1, self.dilation_channels, self.residual_channels]
                        )
                        current["skip"] = create_variable(
                            "skip", [1, self.dilation_channels, self.skip_channels]
                        )
                        current["gc_gateweights"] = create_variable(
                            "gc_gate",
                            [1, self.global_condition_channels, self.dilation_channels],
                        )
                        current["gc_filtweights"] = create_variable(
                            "gc_filter",
                            [1, self.global_condition_channels, self.dilation_channels],
                        )
                        if self.use_biases:
                            current["filter_bias"] = create_bias_variable(
                                "filter_bias", [self.dilation_channels]
                            )
                            current["gate_bias"] = create_bias_variable(
                                "gate_bias", [self.dilation_channels]
                            )
                            current["dense_bias"] = create_bias_variable(
                                "dense_bias", [self.residual_channels]
                            )
                            current["skip_bias"] = create_bias_variable(
                                "slip_bias", [self.skip_channels]
                            )
                        var["dilated_stack"].append(current)
            with tf.variable_scope("postprocessing"):
                current = {}
                current["postprocess1"] = create_variable(
                    "postprocess1", [1, self.skip_channels, self.skip_channels]
                )
                current["postprocess2"] = create_variable(
                    "postprocess2", [1, self.skip_channels, self.quantization_channels]
                )
                current["postprocess1_bias"] = create_bias_variable(
                    "postprocess1_bias", [self.skip_channels]
                )
                current["postprocess2_bias"] = create_bias_variable(
                    "postprocess2_bias", [self.quantization_channels]
                )
                var["postprocessing"] = current
        return var

    def _create_dilation_layer(
        self, input_batch, layer_index, dilation, gc, output_width
    ):
        variables = self.variables["dilated_stack"][layer_index]
        conv_filter = causal_conv(input_batch, variables["filter"], dilation)
        conv_gate = causal_conv(input_batch, variables["gate"], dilation)
        conv_filter = conv_filter + tf.nn.conv1d(
            gc, variables["gc_filtweights"], stride=1, padding="SAME", name="gc_filter"
        )
        conv_gate = conv_gate + tf.nn.conv1d(
            gc, variables["gc_gateweights"], stride=1, padding="SAME", name="gc_gate"
        )
        if self.use_biases:
            conv_filter = tf.add(conv_filter, variables["filter_bias"])
            conv_gate = tf.add(conv_gate, variables["gate_bias"])
        out = tf.tanh(conv_filter) * tf.sigmoid(conv_gate)
        transformed = tf.nn.conv1d(
            out, variables["dense"], stride=1, padding="SAME", name="dense"
        )
        skip_cut = tf.shape(out)[1] - output_width
        out_skip = tf.slice(out, [0, skip_cut, 0], [-1, -1, -1])
        skip = tf.nn.conv1d(
            out_skip, variables["skip"], stride=1, padding="SAME", name="skip"
        )
        if self.use_biases:
            transformed = transformed + variables["dense_bias"]
            skip = skip + variables["skip_bias"]
        if self.histograms:
            tf.summary.histogram(
                "layer{}_filter".format(layer_index), variables["filter"]
            )
        input_cut = tf.shape(input_batch)[1] - tf.shape(transformed)[1]
        input_batch = tf.slice(input_batch, [0, input_cut, 0], [-1, -1, -1])
        return skip, input_batch + transformed

    def _create_network(self, input_batch, gc):
        outputs = []
        current_layer = input_batch
        with tf.name_scope("causal_layer"):
            current_layer = causal_conv(
                current_layer, self.variables["causal_layer"]["filter"], 1
            )
        output_width = tf.shape(input_batch)[1] - self.receptive_field + 1
        with tf.name_scope("dilated_stack"):
            for layer_index, dilation in enumerate(self.dilations):
                with tf.name_scope("layer{}".format(layer_index)):
                    output, current_layer = self._create_dilation_layer(
                        current_layer, layer_index, dilation, gc, output_width
                    )
                    outputs.append(output)
        with tf.name_scope("postprocessing"):
            p = self.variables["postprocessing"]
            total = sum(outputs)
            conv1 = tf.nn.conv1d(
                tf.nn.relu(total), p["postprocess1"], stride=1, padding="SAME"
            )
            conv1 = tf.add(conv1, p["postprocess1_bias"])
            conv2 = tf.nn.conv1d(
                tf.nn.relu(conv1), p["postprocess2"], stride=1, padding="SAME"
            )
            return tf.add(conv2, p["postprocess2_bias"])

    def loss(self, input_batch, gc_id, l2_regularization_strength=None, name="wavenet"):
        with tf.name_scope(name):
            encoded_input = mu_law_encode(input_batch, self.quantization_channels)
            gc = tf.nn.embedding_lookup(
                self.variables["embeddings"]["gc_embedding"], gc_id
            )
            gc = tf.reshape(gc, [self.batch_size, 1, self.global_condition_channels])
            with tf.name_scope("one_hot_encode"):
                encoded = tf.one_hot(
                    encoded_input, depth=self.quantization_channels, dtype=tf.float32
                )
                encoded = tf.reshape(
                    encoded, [self.batch_size, -1, self.quantization_channels]
                )
            network_input = tf.slice(
                encoded, [0, 0, 0], [-1, tf.shape(encoded)[1] - 1, -1]
            )
            raw_output = self._create_network(network_input, gc)
            with tf.name_scope("loss"):
                target_output = tf.slice(
                    tf.reshape(
                        encoded, [self.batch_size, -1, self.quantization_channels]
                    ),
                    [0, self.receptive_field, 0],
                    [-1, -1, -1],
                )
                target_output = tf.reshape(
                    target_output, [-1, self.quantization_channels]
                )
                prediction = tf.reshape(raw_output, [-1, self.quantization_channels])
                loss = tf.nn.softmax_cross_entropy_with_logits(
                    logits=prediction, labels=target_output
                )
                reduced_loss = tf.reduce_mean(loss)
                tf.summary.scalar("loss", reduced_loss)
                if l2_regularization_strength is None:
                    return reduced_loss
                l2_loss = tf.add_n(
                    [
                        tf.nn.l2_loss(v)
                        for v in tf.trainable_variables()
                        if "bias" not in v.name
                    ]
                )
                total_loss = reduced_loss + l2_regularization_strength * l2_loss
                tf.summary.scalar("l2_loss", l2_loss)
                return total_loss


tf.set_random_seed(3)
audio = tf.placeholder(tf.float32, [2, None, 1])
ids = tf.placeholder(tf.int32, [2])
net = WaveNetModel(2, [1, 2, 4])
loss = net.loss(audio, ids, 0.001)
decoded = mu_law_decode(mu_law_encode(audio, 16), 16)
optim = tf.train.MomentumOptimizer(0.02, 0.9).minimize(
    loss, var_list=tf.trainable_variables()
)
sess = tf.Session(config=tf.ConfigProto(log_device_placement=False))
sess.run(tf.global_variables_initializer())
for i in range(5):
    wave = np.sin(
        np.arange(30 + i)[None, :, None] * np.array([0.3, 0.7])[:, None, None] + i
    )
    print(
        "step {:d} - loss = {:.7g}".format(
            i, sess.run(loss, {audio: wave, ids: [i % 5, 2]})
        ),
        "%.6g" % sess.run(decoded, {audio: wave}).sum(),
    )
    sess.run(optim, {audio: wave, ids: [i % 5, 2]})
