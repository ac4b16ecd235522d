"""What is too large, too small or nothing: sizes of shapes, falsy types, no devices."""

import said


def sizes_of_placeholders(tf):
    sizes = [[2**63], [2**64], [2**62, 4], [2**31, 2**31, 4], 2**63, [2**63 - 1]]
    sizes += [[2**62, 0, 4], [None, 2**62, 4], [2**63, None], [-1, 2**62, 4]]
    makes = [
        lambda size=size: str(tf.placeholder(tf.float32, size).shape) for size in sizes
    ]
    makes += [
        lambda size=size: tf.placeholder_with_default([1.0], size) for size in sizes[:4]
    ]
    return {"found": said.tries(*makes)}


def sizes_of_variables(tf):
    sizes = [[2**62, 4], [2**31, 2**31, 4], [2**62, 2]]
    makes = [
        lambda size=size, kind=kind: tf.get_variable(
            "v%s" % kind,
            size,
            use_resource=kind,
            initializer=tf.random_normal_initializer(seed=1),
        )
        for size in sizes
        for kind in (False, True)
    ]
    return {"found": said.tries(*makes)}


def falsy_types_of_constants(tf):
    makes = [
        lambda value=value, kind=kind: tf.constant(value, kind)
        for kind in (0, False, "", (), [], {})
        for value in (1, [1.5])
    ]
    makes += [lambda: tf.convert_to_tensor(1, 0), lambda: tf.zeros([2], ())]
    return {"found": said.tries(*makes)}


def axes_to_squeeze(tf):
    x = tf.zeros([1, 2, 1])
    axes = ["a", tf.constant(0), [[0]], [None], [0, "b"], {}, 1.5, [2.0], [5]]
    makes = [lambda axis=axis: str(tf.squeeze(x, axis).shape) for axis in axes]
    makes += [
        lambda axis=axis: str(tf.squeeze(x, squeeze_dims=axis).shape)
        for axis in ("a", [None], 0)
    ]
    makes.append(lambda: tf.squeeze(x, 0, squeeze_dims=0))
    return {"found": said.tries(*makes)}


def no_devices(tf):
    makes = [
        lambda count=count: len(
            tf.Session(
                config=tf.ConfigProto(device_count={"CPU": count})
            ).list_devices()
        )
        for count in (0, -1, 1, 2)
    ]
    return {"found": said.tries(*makes)}
