"""Functions of `tf.function` that are called in eager mode: what they give.

A program takes `tf` and returns plain values. Runs under Python 3.7 with TensorFlow
1.15.5 (``record_eager_functions.py``), and with scopetutor.
"""

import inspect
import os
import re
import sys

import numpy as np

sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import said


def programs():
    """The programs, by name."""
    return {
        name: function
        for name, function in globals().items()
        if inspect.isfunction(function)
        and not name.startswith("_")
        and name not in ("programs", "plain")
    }


def plain(value):
    """A value as JSON has it; numbers that are calculated are rounded."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "numpy"):
        value = value.numpy()
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, bytes):
        return value.decode()
    return round(value, 4) if isinstance(value, float) else value


def _told(error):
    """The class of an error and what it says, without TensorFlow's own places."""
    text = re.sub(r" \(defined at [^)]*\)", "", said.whole(error))
    text = re.sub(r"__inference_(\w+)_\d+", r"__inference_\1", text)
    return text.split("\n")


def _slopes(tf, function, *xs):
    with tf.GradientTape() as tape:
        for x in xs:
            tape.watch(x)
        y = function(*xs)
    return [y, tape.gradient(y, xs)]


def traces(tf):
    seen = []

    @tf.function
    def chosen(x, y=2):
        seen.append([str(x), str(y)])
        if x > 0:
            z = x * y
        else:
            z = -x
        return z

    values = [
        chosen(tf.constant(2.0)),
        chosen(tf.constant(-2.0)),
        chosen(tf.constant(2)),
        chosen(2.0),
        chosen(2),
        chosen(tf.constant(2.0), 3),
        chosen(x=tf.constant(2.0), y=tf.constant(3.0)),
        chosen(np.array(3.0, np.float32)),
    ]
    concrete = chosen.get_concrete_function(tf.TensorSpec([], tf.float32))
    values += [concrete(tf.constant(4.0)), concrete(x=tf.constant(5.0))]
    return {"values": values, "seen": seen}


def variables(tf):
    class Model(object):
        def __init__(self):
            self.w = None

        @tf.function
        def __call__(self, x):
            if self.w is None:
                self.w = tf.Variable(tf.fill([2], 2.0) + tf.ones([2]))
            return tf.reduce_sum(self.w * x)

    models = Model(), Model()
    x = tf.constant([1.0, 2.0])
    found = [model(x) for model in models] + [models[0](x * 2.0)]
    with tf.GradientTape() as tape:
        y = models[0](tf.constant([1.0, 5.0]))
    watched = len(tape.watched_variables())

    kept = []

    @tf.function
    def from_argument(x):
        if not kept:
            kept.append(tf.Variable(x * 2.0))
        return kept[0] + x

    one = tf.constant(1.0)
    return {
        "found": found,
        "slope": tape.gradient(y, models[0].w),
        "watched": watched,
        "argument": [from_argument(one), from_argument(one * 3.0)],
        "same": models[0].w is not models[1].w,
    }


def structures(tf):
    @tf.function
    def many(x):
        return {"a": x, "b": [x + 1, None], "c": (3, 4.0), "d": "text"}

    @tf.function
    def nothing(x):
        x + 1

    @tf.function
    def rows(table, i):
        return tf.gather(table, i)

    table = tf.Variable([[1.0], [2.0], [3.0]])
    with tf.GradientTape() as tape:
        y = rows(table, tf.constant([2, 2, 0]))
    slices = tape.gradient(y, table)
    dense = tf.function(lambda s: tf.sparse.to_dense(s))
    return {
        "many": {k: v for k, v in many(tf.constant(1)).items() if k != "b"},
        "none": [str(many(tf.constant(1))["b"][1]), str(nothing(tf.constant(1)))],
        "rows": [type(slices).__name__, slices.values, slices.indices],
        "dense": dense(tf.SparseTensor([[0, 1]], [5.0], [2, 2])),
    }


def loops(tf):
    @tf.function
    def powered(x, n):
        r = tf.constant(1.0)
        while n > 0:
            r = r * x
            n -= 1
        return r

    @tf.function
    def nested(x):
        r = x
        for i in tf.range(3):
            for j in tf.range(i + 1):
                r = r * x + tf.sin(r)
        return r

    @tf.function
    def chosen(x):
        r = x
        for i in tf.range(4):
            if r > 1.0:
                r = r * x
            else:
                r = tf.exp(r)
        return r

    @tf.function
    def around(x):
        if x > 0:
            r = x
            while r < 10.0:
                r = r * x
        else:
            r = -x
        return r

    w = tf.Variable([[0.5, 0.1], [0.2, 0.3]])

    @tf.function
    def cell(x):
        h = tf.zeros([1, 2])
        for i in tf.range(3):
            h = tf.tanh(tf.matmul(h, w) + x)
        return tf.reduce_sum(h)

    @tf.function
    def squares(rows):
        t = tf.zeros([2])
        for r in rows:
            t = t + r * r
        return tf.reduce_sum(t)

    @tf.function
    def looked_up(e, n):
        s = 0.0
        for i in tf.range(n):
            s += tf.reduce_sum(tf.gather(e, [i, i]) ** 2)
        return s

    @tf.function
    def inner(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = powered(x, tf.constant(3))
        return tape.gradient(y, x)

    @tf.function
    def inner_choice(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            if x > 0:
                y = x * x
            else:
                y = x * 3.0
        return tape.gradient(y, x)

    half, two = tf.constant(0.5), tf.constant(2.0)
    with tf.GradientTape() as tape:
        y = cell(tf.ones([1, 2]))
    e = tf.Variable([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    with tf.GradientTape() as other:
        z = looked_up(e, tf.constant(2))
    mapped = tf.function(lambda v: tf.map_fn(lambda a: a * a, v))
    scanned = tf.function(lambda v: tf.scan(lambda a, b: a * b, v))
    numbers = tf.constant([1.0, 2.0, 3.0])
    return {
        "powered": _slopes(tf, lambda x: powered(x, tf.constant(3)), two),
        "nested": _slopes(tf, nested, half),
        "chosen": _slopes(tf, chosen, half),
        "around": _slopes(tf, around, tf.constant(1.5)),
        "cell": [y, tape.gradient(y, w)],
        "squares": _slopes(tf, squares, tf.constant([[1.0, 2.0], [3.0, 4.0]])),
        "looked_up": [z, tf.convert_to_tensor(other.gradient(z, e))],
        "inner": inner(two),
        "inner_choice": [inner_choice(tf.constant(4.0)), inner_choice(-two)],
        "mapped": _slopes(tf, mapped, numbers),
        "scanned": _slopes(tf, scanned, numbers),
    }


def effects(tf):
    v = tf.Variable(2.0)

    @tf.function
    def reads():
        v.assign(10.0)
        a = v + 1.0
        v.assign(20.0)
        return a, v + 1.0

    @tf.function
    def chosen(x):
        if x > 0:
            v.assign_add(x)
            v.assign(v * 2.0)
        else:
            v.assign_sub(x)
        return v.read_value()

    @tf.function
    def counted(n):
        while n > 0:
            v.assign_add(1.0)
            n -= 1
        return v.read_value()

    @tf.function
    def total(numbers):
        s = tf.constant(0, tf.int64)
        for x in numbers:
            s += x
        return s

    return {
        "reads": reads(),
        "chosen": [chosen(tf.constant(3.0)), chosen(tf.constant(-3.0))],
        "counted": counted(tf.constant(3)),
        "total": total(tf.data.Dataset.range(5)),
    }


def optimizers(tf):
    found = []
    for optimizer in (
        tf.train.GradientDescentOptimizer(0.1),
        tf.train.MomentumOptimizer(0.1, 0.9),
        tf.train.AdamOptimizer(0.1),
        tf.train.AdagradOptimizer(0.1),
        tf.keras.optimizers.SGD(0.1),
        tf.keras.optimizers.Adam(0.1),
    ):
        w, e = tf.Variable(1.0), tf.Variable(tf.ones([3, 2]))

        @tf.function
        def step(x):
            with tf.GradientTape() as tape:
                rows = tf.gather(e, [0, 0, 2])
                loss = (w * x - 3.0) ** 2 + tf.reduce_sum(rows**2)
            grads = tape.gradient(loss, [w, e])
            optimizer.apply_gradients(zip(grads, [w, e]))
            return loss

        for _ in range(2):
            found.append([step(tf.constant(2.0)), w, e])
    return {"found": found}


def refused(tf):
    @tf.function
    def shaped(x, n):
        return tf.reshape(x + 1.0, [n, n])

    @tf.function
    def makes(x):
        return tf.Variable(1.0) * x

    @tf.autograph.experimental.do_not_convert
    def left(x):
        if x > 0:
            return x
        return -x

    concrete = shaped.get_concrete_function(tf.ones([4]), tf.constant(2))

    def mode(function):
        return [line for line in said.tries(function, told=_told)[0] if line][-1]

    return {
        "shaped": said.tries(lambda: shaped(tf.ones([5]), tf.constant(2)), told=_told),
        "makes": mode(lambda: makes(tf.constant(1.0))),
        "left": mode(lambda: tf.function(lambda x: left(x))(tf.constant(1.0))),
        "concrete": said.tries(
            lambda: concrete(4.0, 2), lambda: concrete(tf.ones([4]))
        ),
    }


def printed(tf):
    """`print` of tensors, and the other functions of Python."""
    import io

    feature = tf.autograph.experimental.Feature
    stream = io.StringIO()

    @tf.function(experimental_autograph_options=feature.BUILTIN_FUNCTIONS)
    def shown(x):
        print("x", x, file=stream)
        print("plain", file=stream)
        return x

    @tf.function(
        experimental_autograph_options=(
            feature.AUTO_CONTROL_DEPS,
            feature.NAME_SCOPES,
            feature.EQUALITY_OPERATORS,
        )
    )
    def equal(x):
        if x == 1:
            y = 10
        else:
            y = 20
        return y

    @tf.function
    def numbers(x, text):
        return float(text) + abs(x), int(text), int(x), float(x)

    shown(tf.constant(3))
    return {
        "said": sorted(stream.getvalue().split("\n")),
        "equal": [equal(tf.constant(1)), equal(tf.constant(2))],
        "numbers": numbers(tf.constant(-2.5), tf.constant("7")),
    }


def rewritten_at_once(tf):
    def steps(x):
        n = 0
        while x > 1:
            if x % 2 == 0:
                x = x // 2
            else:
                x = 3 * x + 1
            n += 1
        return n

    def summed(v):
        s = 0.0
        for x in v:
            if x < 0:
                continue
            s += x
        return s

    convert = tf.autograph.to_graph
    return {
        "steps": convert(steps)(tf.constant(4)),
        "summed": convert(summed)(tf.constant([1.0, -1.0, 2.0])),
        "python": [convert(steps)(8), convert(summed)([1, -1, 2])],
    }


def relaxed(tf):
    sizes = []

    def noted(x):
        sizes.append(x.shape.as_list())
        return x * 2.0

    function = tf.function(noted, experimental_relax_shapes=True)
    values = [function(tf.ones([k])) for k in range(1, 5)]
    spec = tf.function(noted, input_signature=[tf.TensorSpec([None], tf.float32)])
    values += [spec(tf.ones([k])) for k in range(1, 3)]
    return {"sizes": [str(size) for size in sizes], "values": values}
