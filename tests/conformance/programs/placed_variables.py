"""Devices of variables that are made in scopes of devices and colocation."""


def _asked(tf):
    """What each operation was asked to be placed on and with."""
    return {
        op.name: [
            [traced.obj for traced in op._device_assignments],
            list(op._colocation_dict),
        ]
        for op in tf.get_default_graph().get_operations()
    }


def _inside(tf, *use_resource):
    """A variable of each kind, and one made without a store."""
    for flag in use_resource:
        tf.get_variable("v%d" % flag, [2], use_resource=flag)
        tf.Variable([1.0, 2.0], name="w%d" % flag, use_resource=flag)


def colocated_in_a_scope_in_a_device(tf):
    with tf.device("/cpu:0"):
        placed = tf.zeros([2], name="placed")
    free = tf.ones([2], name="free")
    with tf.device("/device:CPU:1"), tf.variable_scope("a"):
        with tf.colocate_with(free):
            _inside(tf, False, True)
            tf.zeros([3], name="no_variable")
        with tf.colocate_with(placed):
            _inside(tf, False, True)
    return _asked(tf)


def colocated_in_a_device(tf):
    free = tf.ones([2], name="free")
    with tf.device("/device:CPU:1"), tf.colocate_with(free):
        _inside(tf, False, True)
        with tf.variable_scope("inside"):
            _inside(tf, False, True)
            with tf.device("/device:CPU:2"):
                _inside(tf, False, True)
    return _asked(tf)


def colocated_twice(tf):
    free = tf.ones([2], name="free")
    with tf.variable_scope("a"), tf.device("/device:CPU:1"), tf.colocate_with(free):
        _inside(tf, False)
        with tf.device("/device:CPU:2"):
            with tf.colocate_with(free, ignore_existing=True):
                tf.get_variable("first", [2], regularizer=tf.reduce_sum)
            with tf.variable_scope("b"), tf.colocate_with(free, ignore_existing=True):
                tf.get_variable("second", [2], regularizer=tf.reduce_sum)
            with tf.name_scope("c"), tf.colocate_with(free):
                tf.get_variable("third", [2])
    return _asked(tf)


def cached_and_partitioned(tf):
    free = tf.ones([2], name="free")
    cached = tf.variable_scope("s", caching_device="/cpu:3")
    colocated = tf.colocate_with(free, ignore_existing=True)
    with tf.device("/device:CPU:1"), cached, colocated:
        tf.get_variable("v", [2], initializer=tf.ones_initializer())
        tf.get_variable("p", [4], partitioner=tf.fixed_size_partitioner(2))
    return _asked(tf)


def optimizer_in_a_device(tf):
    ref = tf.get_variable("ref", [2])
    resource = tf.get_variable("resource", [2], use_resource=True)
    with tf.device("/device:CPU:1"):
        tf.train.AdamOptimizer().minimize(tf.reduce_sum(ref) + tf.reduce_sum(resource))
        tf.train.ExponentialMovingAverage(0.9).apply([ref, resource])
        tf.train.get_or_create_global_step()


def of_another_graph(tf):
    free = tf.no_op("free")
    inner = tf.Graph()
    with tf.device("/device:CPU:1"):
        with inner.as_default():
            tf.get_variable("v", [2])
        with tf.Session(), tf.colocate_with(free):
            _inside(tf, False, True)
    return {name: op.device for op in inner.get_operations() for name in [op.name]}
