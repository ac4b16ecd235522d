"""Results that are never used, which is logged; and tensors made by hand."""

import logging
import re

import said


class _Listener(logging.Handler):
    """Keeps what is logged."""

    def __init__(self):
        super().__init__()
        self.heard = []

    def emit(self, record):
        self.heard.append(_told(record.getMessage()))


def _told(message):
    """A message with the innermost line of this file, and no other."""
    head, _, lines = message.partition("created here:\n")
    places = re.findall(
        r'unused\.py", line \d+, in (\w+)\n    (\S.*?)(?=  File|\n)', lines
    )
    head = re.sub(r"0x[0-9a-f]+", "0x*", head)
    # TensorFlow's own classes are where its modules are
    head = re.sub(r"<class '[\w.]*\.(\w+)'>", r"<class '\1'>", head)
    head = re.sub(r"<[\w.]*TensorArray object", "<TensorArray object", head)
    return [head, list(places[-1]) if places else None]


def _logged(tf, *makes):
    """What is logged while each of some functions is called."""
    logger, listener = tf.get_logger(), _Listener()
    logger.addHandler(listener)
    propagates, logger.propagate = logger.propagate, False
    try:
        for make in makes:
            listener.heard.append(make.__name__)
            make()
    finally:
        logger.removeHandler(listener)
        logger.propagate = propagates
    return [heard for heard in listener.heard if "deprecated" not in str(heard)]


def thrown_away(tf):
    v = tf.get_variable("v", [2])

    def reported():
        tf.report_uninitialized_variables()

    def tested():
        tf.is_variable_initialized(v)

    def asserted():
        tf.assert_variables_initialized()

    def initialized():
        tf.initialize_variables([v])
        tf.initialize_all_variables()
        tf.initialize_local_variables()

    def said_in_time():
        tf.Assert(v[0] > 0.0, [v])

    def not_watched():
        tf.global_variables_initializer()
        tf.assert_equal(v, v)
        v.initialized_value()

    found = (reported, tested, asserted, initialized, said_in_time, not_watched)
    return {"logged": _logged(tf, *found)}


def used_in_time(tf):
    v = tf.get_variable("v", [2])

    def marked():
        tf.report_uninitialized_variables().mark_used()

    def asked():
        assert tf.is_variable_initialized(v).name

    def waited_for():
        with tf.control_dependencies([tf.initialize_variables([v])]):
            tf.no_op()

    def grouped():
        tf.group(tf.initialize_variables([v]), tf.Assert(True, [v]))

    def taken():
        tf.logical_not(tf.is_variable_initialized(v))

    def compared():
        assert not isinstance(tf.is_variable_initialized(v), int)

    return {"logged": _logged(tf, marked, asked, waited_for, grouped, taken, compared)}


def kept_for_a_while(tf):
    v = tf.get_variable("v", [2])

    def bound_anew():
        kept = [tf.is_variable_initialized(v)]
        kept[0] = None

    return {"logged": _logged(tf, bound_anew)}


def arrays_thrown_away(tf):
    array = tf.TensorArray(tf.float32, 3)

    def written():
        array.write(0, 1.0)

    def written_and_used():
        assert array.write(1, 1.0).flow is not None

    def closed():
        array.close()

    return {"logged": _logged(tf, written, written_and_used, closed)}


def wrapped_and_run(tf):
    v = tf.get_variable("v", [2])
    test = tf.is_variable_initialized(v)
    names = tf.report_uninitialized_variables()
    init = tf.initialize_all_variables()
    own = tf.get_default_graph().get_tensor_by_name(test.name)
    with tf.Session() as session:
        found = said.tries(
            lambda: session.run([test, names]),
            lambda: session.run({"init": init}),
            lambda: [test.eval(), init.run()],
            lambda: session.run(tf.logical_not(test), {test: False}),
            lambda: session.run(tf.cond(test, lambda: 1, lambda: 2)),
            lambda: session.run(tf.stack([test, True])),
            lambda: session.partial_run(session.partial_run_setup([test], []), test),
        )
    same = [
        test == own,
        own == test,
        {own: 1}.get(test),
        hash(test) == hash(own),
    ]
    inputs = tf.identity(test).op.inputs
    with tf.control_dependencies([init, test]):
        waits = tf.no_op().control_inputs
    same += [inputs[0] is test, inputs[0] is own, waits[0] is init, waits[1] is own.op]
    same += [isinstance(test, tf.Tensor), isinstance(init, tf.Operation)]
    same += [tf.convert_to_tensor(test) is test, type(test) is tf.Tensor]
    return {
        "found": found,
        "same": same,
        "text": [str(test), repr(names)],
    }


def made_by_hand(tf):
    own = tf.constant([1.0, 2.0], name="own")
    hand = tf.Tensor(own.op, 0, tf.float32)
    same = [hand == own, own == hand, hash(hand) == hash(own), {own: 1}.get(hand)]
    same += [hand.op is own.op, str(hand.shape), repr(hand), str(hand)]
    taken = hand + 1.0
    same += [taken.op.inputs[0] is own, tf.convert_to_tensor(hand) is hand]
    late = tf.placeholder(tf.float32)
    late_hand = tf.Tensor(late.op, 0, tf.float32)
    late_hand.set_shape([3])
    same += [str(late.shape), str(late_hand.shape), hand.consumers() == own.consumers()]
    with tf.control_dependencies([hand]):
        same.append(tf.no_op().control_inputs[0] is own.op)
    with tf.Session() as session:
        found = said.tries(
            lambda: session.run([hand, own, taken]),
            lambda: session.run(taken, {hand: [5.0, 6.0]}),
            lambda: session.run(hand, {hand: [5.0, 6.0]}),
            lambda: hand.eval(),
            lambda: tf.Tensor(own, 0, tf.float32),
            lambda: tf.Tensor(own.op, 0, None),
            lambda: tf.matmul(hand, hand),
            lambda: str(tf.gradients(tf.reduce_sum(hand * hand), hand)),
        )
    return {"same": same, "found": found}
