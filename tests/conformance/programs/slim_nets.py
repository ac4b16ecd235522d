"""Nets of `tf.contrib.slim.nets`: their layers' names, end points and collections."""

import functools
import importlib

from said import tries


def _nets(tf):
    """The nets, which `import tensorflow` alone does not load."""
    return importlib.import_module(tf.contrib.slim.__name__ + ".nets")


def _built(tf, module, name, size, **options):
    """A net in its own arg scope; its end points by shape."""
    nets = _nets(tf)
    module = getattr(nets, module)
    images = tf.placeholder(tf.float32, [2, size, size, 3])
    with tf.contrib.slim.arg_scope(options.pop("within", {})):
        net, ends = getattr(module, name)(images, 5, **options)
    return {
        "net": str(net.shape),
        "ends": ["%s %s" % (key, end.shape) for key, end in sorted(ends.items())],
    }


def alexnet(tf):
    scope = _nets(tf).alexnet.alexnet_v2_arg_scope()
    return _built(tf, "alexnet", "alexnet_v2", 224, within=scope)


def overfeat(tf):
    scope = _nets(tf).overfeat.overfeat_arg_scope()
    return _built(tf, "overfeat", "overfeat", 231, within=scope, is_training=False)


def vgg(tf):
    scope = _nets(tf).vgg.vgg_arg_scope(weight_decay=0.001)
    made = _built(tf, "vgg", "vgg_19", 224, within=scope, spatial_squeeze=False)
    other = _built(tf, "vgg", "vgg_a", 224, is_training=False)
    return {"vgg_19": made, "vgg_a": other}


def inception_v1(tf):
    scope = _nets(tf).inception.inception_v1_arg_scope()
    return _built(tf, "inception", "inception_v1", 224, within=scope)


def inception_v1_without_batch_norm(tf):
    inception = _nets(tf).inception
    with tf.contrib.slim.arg_scope(
        inception.inception_v1_arg_scope(use_batch_norm=False)
    ):
        images = tf.placeholder(tf.float32, [1, 64, 64, 3])
        net, ends = inception.inception_v1_base(images, "Mixed_3b")
    return {"net": str(net.shape), "ends": sorted(ends)}


def inception_v2(tf):
    scope = _nets(tf).inception.inception_v2_arg_scope()
    options = {"depth_multiplier": 0.25, "within": scope}
    return _built(tf, "inception", "inception_v2", 96, **options)


def inception_v3(tf):
    scope = _nets(tf).inception.inception_v3_arg_scope()
    return _built(tf, "inception", "inception_v3", 139, within=scope)


def inception_refused(tf):
    inception = _nets(tf).inception
    images = tf.placeholder(tf.float32, [1, None, None, 3])
    return {
        "refused": tries(
            lambda: inception.inception_v1_base(images, "Mixed_9z"),
            lambda: inception.inception_v3(images, depth_multiplier=0),
        )
    }


def _residual(tf, version, **options):
    nets = _nets(tf)
    module = getattr(nets, "resnet_" + version)
    unit = {"depth": 8, "depth_bottleneck": 4}
    units = [dict(unit, stride=1), dict(unit, stride=2)]
    blocks = [
        nets.resnet_utils.Block("first", module.bottleneck, units),
        getattr(module, "resnet_%s_block" % version)("second", 4, 3, 2),
    ]
    images = tf.placeholder(tf.float32, [2, 32, 32, 3])
    with tf.contrib.slim.arg_scope(module.resnet_arg_scope(batch_norm_decay=0.9)):
        net, ends = getattr(module, "resnet_" + version)(images, blocks, **options)
    return {"net": str(net.shape), "ends": str(sorted(ends))}


def resnet_v1(tf):
    return _residual(tf, "v1", num_classes=3, output_stride=8)


def resnet_v2(tf):
    options = {"include_root_block": False, "is_training": False}
    return _residual(tf, "v2", **options)


def resnet_v2_50(tf):
    module = _nets(tf).resnet_v2
    images = tf.placeholder(tf.float32, [2, 64, 64, 3])
    net, ends = module.resnet_v2_50(images, 4, global_pool=False, output_stride=16)
    return {"net": str(net.shape), "ends": len(ends)}


def resnet_strides_refused(tf):
    build = functools.partial(_residual, tf, "v1")
    return {
        "refused": tries(
            lambda: build(output_stride=6, scope="a"),
            lambda: build(output_stride=32, scope="b"),
        )
    }
