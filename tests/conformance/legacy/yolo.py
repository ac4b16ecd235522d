# YOLOv3-like detector, slim flavour, with NMS and boolean masks
from __future__ import division, print_function

import numpy as np
import tensorflow as tf

slim = tf.contrib.slim


def conv2d(inputs, filters, kernel_size, strides=1):
    def _fixed_padding(inputs, kernel_size):
        pad_total = kernel_size - 1
        pad_beg = pad_total // 2
        pad_end = pad_total - pad_beg
        return tf.pad(
            inputs,
            [[0, 0], [pad_beg, pad_end], [pad_beg, pad_end], [0, 0]],
            mode="CONSTANT",
        )

    if strides > 1:
        inputs = _fixed_padding(inputs, kernel_size)
    return slim.conv2d(
        inputs,
        filters,
        kernel_size,
        stride=strides,
        padding=("SAME" if strides == 1 else "VALID"),
    )


def res_block(inputs, filters):
    shortcut = inputs
    net = conv2d(inputs, filters * 1, 1)
    net = conv2d(net, filters * 2, 3)
    return net + shortcut


def body(inputs):
    net = conv2d(inputs, 4, 3)
    net = conv2d(net, 8, 3, strides=2)
    net = res_block(net, 4)
    net = conv2d(net, 16, 3, strides=2)
    route = net
    net = conv2d(net, 32, 3, strides=2)
    return route, res_block(net, 16)


def upsample_layer(inputs, out_shape):
    inputs = tf.image.resize_nearest_neighbor(
        inputs, (out_shape[1], out_shape[2]), name="upsampled"
    )
    return inputs


class Yolo(object):
    def __init__(
        self,
        class_num,
        anchors,
        batch_norm_decay=0.9,
        leaky_relu_alpha=0.1,
        weight_decay=5e-4,
    ):
        self.class_num, self.anchors = class_num, anchors
        self.batch_norm_decay, self.alpha, self.weight_decay = (
            batch_norm_decay,
            leaky_relu_alpha,
            weight_decay,
        )

    def forward(self, inputs, is_training=False, reuse=False):
        self.img_size = tf.shape(inputs)[1:3]
        params = {
            "decay": self.batch_norm_decay,
            "epsilon": 1e-05,
            "scale": True,
            "is_training": is_training,
            "fused": None,
        }
        with slim.arg_scope([slim.conv2d, slim.batch_norm], reuse=reuse):
            with slim.arg_scope(
                [slim.conv2d],
                normalizer_fn=slim.batch_norm,
                normalizer_params=params,
                biases_initializer=None,
                activation_fn=lambda x: tf.nn.leaky_relu(x, alpha=self.alpha),
                weights_regularizer=slim.l2_regularizer(self.weight_decay),
            ):
                with tf.variable_scope("darknet53_body"):
                    route, net = body(inputs)
                with tf.variable_scope("yolov3_head"):
                    maps = []
                    out = 3 * (5 + self.class_num)
                    maps.append(
                        slim.conv2d(
                            net,
                            out,
                            1,
                            stride=1,
                            normalizer_fn=None,
                            activation_fn=None,
                            biases_initializer=tf.zeros_initializer(),
                        )
                    )
                    up = upsample_layer(conv2d(net, 8, 1), tf.shape(route))
                    net = tf.concat([up, route], axis=3)
                    maps.append(
                        slim.conv2d(
                            conv2d(net, 16, 3),
                            out,
                            1,
                            stride=1,
                            normalizer_fn=None,
                            activation_fn=None,
                            biases_initializer=tf.zeros_initializer(),
                        )
                    )
                    return [
                        tf.identity(m, name="feature_map_%d" % (i + 1))
                        for i, m in enumerate(maps)
                    ]

    def reorg_layer(self, feature_map, anchors):
        grid_size = tf.shape(feature_map)[1:3]
        ratio = tf.cast(self.img_size / grid_size, tf.float32)
        rescaled = [(anchor[0] / ratio[1], anchor[1] / ratio[0]) for anchor in anchors]
        feature_map = tf.reshape(
            feature_map, [-1, grid_size[0], grid_size[1], 3, 5 + self.class_num]
        )
        centers, sizes, conf, prob = tf.split(
            feature_map, [2, 2, 1, self.class_num], axis=-1
        )
        centers = tf.nn.sigmoid(centers)
        grid_x = tf.range(grid_size[1], dtype=tf.int32)
        grid_y = tf.range(grid_size[0], dtype=tf.int32)
        grid_x, grid_y = tf.meshgrid(grid_x, grid_y)
        xy = tf.concat(
            [tf.reshape(grid_x, (-1, 1)), tf.reshape(grid_y, (-1, 1))], axis=-1
        )
        xy = tf.cast(tf.reshape(xy, [grid_size[0], grid_size[1], 1, 2]), tf.float32)
        centers = (centers + xy) * ratio[::-1]
        sizes = tf.exp(sizes) * rescaled * ratio[::-1]
        return xy, tf.concat([centers, sizes], axis=-1), conf, prob

    def predict(self, maps):
        boxes_list, scores_list = [], []
        for fm, anchors in zip(maps, [self.anchors[3:], self.anchors[:3]]):
            _, boxes, conf, prob = self.reorg_layer(fm, anchors)
            gs = tf.shape(fm)[1:3]
            boxes_list.append(tf.reshape(boxes, [-1, gs[0] * gs[1] * 3, 4]))
            scores_list.append(
                tf.reshape(
                    tf.sigmoid(conf) * tf.sigmoid(prob),
                    [-1, gs[0] * gs[1] * 3, self.class_num],
                )
            )
        boxes, scores = tf.concat(boxes_list, 1), tf.concat(scores_list, 1)
        center_x, center_y, width, height = tf.split(boxes, [1, 1, 1, 1], axis=-1)
        return tf.concat(
            [
                center_x - width / 2,
                center_y - height / 2,
                center_x + width / 2,
                center_y + height / 2,
            ],
            -1,
        ), scores

    def ignore_mask(self, fm, boxes, y, object_mask):
        ignore_mask = tf.TensorArray(tf.float32, size=0, dynamic_size=True)

        def loop_body(idx, mask):
            valid = tf.boolean_mask(
                y[idx, ..., 0:4], tf.cast(object_mask[idx, ..., 0], "bool")
            )
            best = tf.reduce_max(
                tf.reduce_sum(tf.abs(tf.expand_dims(boxes[idx], -2) - valid), -1),
                axis=-1,
            )
            return idx + 1, mask.write(idx, tf.cast(best < 50.0, tf.float32))

        _, ignore_mask = tf.while_loop(
            lambda idx, m: tf.less(idx, tf.shape(fm)[0]),
            loop_body,
            loop_vars=[0, ignore_mask],
        )
        return ignore_mask

    def loss(self, maps, y_true):
        total = 0.0
        for fm, anchors, y in zip(maps, [self.anchors[3:], self.anchors[:3]], y_true):
            _, boxes, conf, prob = self.reorg_layer(fm, anchors)
            object_mask = y[..., 4:5]
            ignore_mask = self.ignore_mask(fm, boxes, y, object_mask)
            ignore = tf.expand_dims(ignore_mask.stack(), -1)
            bce = tf.nn.sigmoid_cross_entropy_with_logits
            conf_loss = object_mask * bce(labels=object_mask, logits=conf) + (
                1 - object_mask
            ) * ignore * bce(labels=object_mask, logits=conf)
            class_loss = object_mask * bce(labels=y[..., 5:], logits=prob)
            xy_loss = tf.reduce_sum(
                tf.square(y[..., 0:2] - boxes[..., 0:2]) * object_mask * 0.001
            )
            n = tf.cast(tf.shape(fm)[0], tf.float32)
            total += (
                xy_loss + tf.reduce_sum(conf_loss) + tf.reduce_sum(class_loss)
            ) / n
        return total


def gpu_nms(boxes, scores, num_classes, max_boxes=5, score_thresh=0.2, iou_thresh=0.5):
    boxes_list, label_list, score_list = [], [], []
    boxes, score = tf.reshape(boxes, [-1, 4]), tf.reshape(scores, [-1, num_classes])
    mask = tf.greater_equal(score, tf.constant(score_thresh))
    for i in range(num_classes):
        filter_boxes = tf.boolean_mask(boxes, mask[:, i])
        filter_score = tf.boolean_mask(score[:, i], mask[:, i])
        idx = tf.image.non_max_suppression(
            boxes=filter_boxes,
            scores=filter_score,
            max_output_size=max_boxes,
            iou_threshold=iou_thresh,
            name="nms_indices",
        )
        label_list.append(tf.ones_like(tf.gather(filter_score, idx), "int32") * i)
        boxes_list.append(tf.gather(filter_boxes, idx))
        score_list.append(tf.gather(filter_score, idx))
    return (
        tf.concat(boxes_list, axis=0),
        tf.concat(score_list, axis=0),
        tf.concat(label_list, axis=0),
    )


tf.set_random_seed(21)
rng = np.random.RandomState(2)
anchors = np.array(
    [[5, 6], [8, 15], [16, 11], [15, 30], [31, 22], [29, 59]], np.float32
)
x = tf.placeholder(tf.float32, [None, 32, 32, 3])
y8 = tf.placeholder(tf.float32, [None, 4, 4, 3, 7])
y4 = tf.placeholder(tf.float32, [None, 8, 8, 3, 7])
model = Yolo(2, anchors)
with tf.variable_scope("yolov3"):
    maps = model.forward(x, is_training=True)
loss = model.loss(maps, [y8, y4])
l2_loss = tf.losses.get_regularization_loss()
boxes, scores = model.predict(maps)
nms = gpu_nms(boxes[0], scores[0], 2)
gs = tf.Variable(
    0, trainable=False, collections=[tf.GraphKeys.LOCAL_VARIABLES], name="gs"
)
restore = tf.contrib.framework.get_variables_to_restore(
    include=["yolov3/darknet53_body"]
)
update_vars = tf.contrib.framework.get_variables_to_restore(
    include=["yolov3/yolov3_head"]
)
with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
    opt = tf.train.MomentumOptimizer(1e-3, 0.9)
    gvs = opt.compute_gradients(loss + l2_loss, var_list=update_vars)
    clip = [
        gv if gv[0] is None else [tf.clip_by_norm(gv[0], 100.0), gv[1]] for gv in gvs
    ]
    train_op = opt.apply_gradients(clip, global_step=gs)
print(len(restore), len(update_vars))
with tf.Session() as sess:
    sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    feed = {
        x: rng.rand(2, 32, 32, 3),
        y8: (rng.rand(2, 4, 4, 3, 7) > 0.6) * 1.0,
        y4: (rng.rand(2, 8, 8, 3, 7) > 0.6) * 1.0,
    }
    for i in range(3):
        _, l, r, g = sess.run([train_op, loss, l2_loss, gs], feed)
        print("Step %d loss %.5f l2 %.6f" % (g, l, r))
    b, s, lab = sess.run(nms, feed)
    print(b.shape, s.round(3).tolist(), lab.tolist())
