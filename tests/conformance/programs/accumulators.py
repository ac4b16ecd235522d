"""Accumulators of gradients, the optimizer of several workers, batches of some steps."""

import threading

import numpy as np
from said import tries


def dense(tf):
    mean = tf.ConditionalAccumulator(tf.float32, shape=[2])
    total = tf.ConditionalAccumulator(
        tf.float32, reduction_type="SUM", shared_name="shared", name="x/y"
    )
    put = mean.apply_grad([1.0, 2.0])
    late = mean.apply_grad(tf.constant([3.0, 5.0]), local_step=1, name="late")
    take, count = mean.take_grad(1), mean.num_accumulated()
    to_three = mean.set_global_step(3)
    told = [mean.name, total.name, str(mean.dtype), str(total.take_grad(2).shape)]
    told += [total.num_accumulated(name="n").name, mean.accumulator_ref.name]
    with tf.Session() as session:
        for op in (put, late):
            session.run(op)
        found = [session.run(count), session.run(take), session.run(count)]
        session.run(put)  # of a step that is over
        found.append(session.run(count))
        session.run(late)
        found.append(session.run(count))
        session.run(to_three)
        session.run(late)
        found.append(session.run(count))
        for value in ([1.0, 2.0], [2.0, 7.0]):
            session.run(total.apply_grad(value))
        found.append(session.run(total.take_grad(2)))
        found.extend(
            tries(
                lambda: session.run(mean.take_grad(0)),
                lambda: session.run(total.apply_grad([1.0], 5)),
                lambda: session.run(total.apply_grad([[1.0]], 5)),
                lambda: session.run(
                    mean.apply_grad(tf.placeholder_with_default([1.0], None), 9)
                ),
            )
        )
    return {"told": told, "found": found}


def refused(tf):
    mean = tf.ConditionalAccumulator(tf.float32, shape=[2])
    return {
        "made": tries(
            lambda: mean.apply_grad([1.0, 2.0, 3.0]),
            lambda: mean.take_grad([1]),
            lambda: tf.ConditionalAccumulator(tf.float32, reduction_type="MAX"),
            lambda: tf.ConditionalAccumulator(tf.string),
            lambda: tf.SparseConditionalAccumulator(tf.bool),
        ),
        "same": tf.sparse.SparseConditionalAccumulator is tf.SparseConditionalAccumulator,
    }


def sparse(tf):
    rows = tf.SparseConditionalAccumulator(tf.float32, shape=[4, 2])
    one = tf.IndexedSlices(
        tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.constant([0, 2]), tf.constant([4, 2])
    )
    other = tf.IndexedSlices(
        tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.constant([2, 3])
    )
    taken = rows.take_indexed_slices_grad(2, name="taken")
    found = []
    with tf.Session() as session:
        for grad in (one, other):
            session.run(rows.apply_indexed_slices_grad(grad))
        found += [session.run(rows.num_accumulated()), list(session.run(taken))]
        session.run(rows.apply_grad([1, 0], [[1.0, 1.0], [2.0, 2.0]], local_step=9))
        found.append(list(session.run(rows.take_grad(1))))
        makes = [
            lambda: rows.apply_grad([1, 0], [1.0, 2.0], None, 9),
            lambda: rows.apply_grad([1, 7], [[1.0, 2.0], [2.0, 3.0]], None, 9),
            lambda: rows.apply_grad([1], [[1.0, 2.0], [2.0, 3.0]], None, 9),
            lambda: rows.apply_grad([1], [[1.0, 2.0]], [3, 2], 9),
            lambda: rows.apply_grad([1], [[1.0, 2.0, 3.0]], [4, 3], 9),
            lambda: rows.set_global_step(5),
            lambda: rows.num_accumulated(),
        ]
        found += tries(*[lambda m=make: session.run(m()) for make in makes])
    return {"found": found}


def sparse_of_any_shape(tf):
    total = tf.SparseConditionalAccumulator(tf.float32, shape=(), reduction_type="SUM")
    mean = tf.SparseConditionalAccumulator(tf.float32, name="mean")
    found = []
    with tf.Session() as session:
        session.run(total.apply_grad([1], [[1.0, 2.0]]))
        session.run(total.apply_grad([1], [[1.0, 2.0]], [5, 2]))
        found.append(list(session.run(total.take_grad(1))))
        session.run(mean.apply_grad([1], [[1.0, 2.0]]))
        found += tries(
            lambda: session.run(mean.apply_grad([1], [[1.0, 2.0, 3.0]])),
            lambda: session.run(mean.apply_grad([1], [3.0])),
        )
        session.run(mean.apply_grad([1, 2], [[1.0, 2.0], [5.0, 6.0]], [5, 2]))
        found.append(list(session.run(mean.take_grad(1))))
    return {"found": found}


def ended(tf):
    """Who waits for gradients is told that the session is closed."""
    take = tf.ConditionalAccumulator(tf.float32).take_grad(1)
    session, found = tf.Session(), []
    begun = threading.Event()

    def wait():
        begun.set()
        found.extend(tries(lambda: session.run(take)))

    thread = threading.Thread(target=wait)
    thread.start()
    begun.wait()
    import time

    time.sleep(0.3)
    session.close()
    thread.join()
    return {"found": found}


def _loss(tf):
    w = tf.Variable([[1.0], [2.0], [-1.0]], name="w")
    table = tf.Variable(np.ones([4, 3], np.float32), name="table")
    rows = tf.gather(table, [0, 2])
    return tf.reduce_sum(tf.square(tf.matmul(rows, w))), tf.Variable(
        0, trainable=False, name="step"
    )


def synchronized(tf):
    loss, step = _loss(tf)
    optimizer = tf.train.SyncReplicasOptimizer(
        tf.train.MomentumOptimizer(0.01, 0.9), 2, total_num_replicas=2
    )
    early = tries(
        lambda: optimizer.get_chief_queue_runner(),
        lambda: optimizer.get_init_tokens_op(),
        lambda: optimizer.apply_gradients([]),
        lambda: optimizer.apply_gradients(optimizer.compute_gradients(loss)),
    )
    train = optimizer.minimize(loss, global_step=step)
    tokens = optimizer.get_init_tokens_op()
    none = optimizer.get_init_tokens_op(0)
    return {
        "early": early,
        "train": train.name,
        "tokens": [tokens.name, none.name],
        "few": tries(lambda: optimizer.get_init_tokens_op(-2)),
        "runner": [
            optimizer.get_chief_queue_runner().name,
            [op.name for op in optimizer.get_chief_queue_runner().enqueue_ops],
        ],
        "ops": [
            optimizer.local_step_init_op.op.name,
            optimizer.chief_init_op.name,
            optimizer.ready_for_local_init_op.op.name,
        ],
        "slots": optimizer.get_slot_names(),
        "local": [v.name for v in tf.local_variables()],
    }


def synchronized_and_averaged(tf):
    loss, step = _loss(tf)
    averages = tf.train.ExponentialMovingAverage(0.9)
    optimizer = tf.train.SyncReplicasOptimizer(
        tf.train.GradientDescentOptimizer(0.01),
        replicas_to_aggregate=3,
        total_num_replicas=1,
        variable_averages=averages,
        variables_to_average=tf.trainable_variables(),
        name="together",
    )
    grads = optimizer.compute_gradients(loss)
    grads.append((None, tf.Variable(1.0, name="idle")))
    optimizer.apply_gradients(grads, global_step=step)
    return {"few": tries(lambda: optimizer.get_init_tokens_op(1))}


def trained(tf):
    """Two workers and a chief, one after the other; then gradients of an old step."""
    loss, step = _loss(tf)
    optimizer = tf.train.SyncReplicasOptimizer(
        tf.train.GradientDescentOptimizer(0.01), replicas_to_aggregate=2
    )
    hook = optimizer.make_session_run_hook(is_chief=True)
    early = tries(lambda: hook.begin())
    train = optimizer.minimize(loss, global_step=step)
    tokens = optimizer.get_init_tokens_op()
    (next_step,) = optimizer.get_chief_queue_runner().enqueue_ops
    found = []
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        found.append(session.run(optimizer.ready_for_local_init_op))
        session.run(optimizer.chief_init_op)
        session.run(tokens)
        found.append([session.run([train, loss]) for _ in range(2)])
        session.run(next_step)
        found.append(session.run([step] + tf.trainable_variables()))
        found.append([session.run([train, loss]) for _ in range(2)])
    return {"early": early, "found": found}


def hooked(tf):
    """What the hook makes, for the chief and for others."""
    loss, step = _loss(tf)
    optimizer = tf.train.SyncReplicasOptimizer(tf.train.AdamOptimizer(), 1)
    optimizer.minimize(loss, global_step=step)
    for is_chief in (True, False):
        optimizer.make_session_run_hook(is_chief, num_tokens=2).begin()
    worker = optimizer.make_session_run_hook(False)
    worker.begin()
    with tf.Session() as session:
        found = tries(lambda: worker.after_create_session(session, None))
        session.run(tf.global_variables_initializer())
        worker.after_create_session(session, None)
        found.append(session.run(tf.local_variables()))
    return {"found": found}


def some_steps(tf):
    numbers, keep = tf.constant([1.0, 2.0]), tf.constant(True)
    vector = tf.constant([True, False])
    made = [
        tf.train.maybe_batch_join([[numbers], [numbers]], keep, 2),
        tf.train.maybe_shuffle_batch([numbers], 2, 9, 3, keep, seed=1),
        tf.train.maybe_shuffle_batch_join(
            [{"a": numbers}, {"a": numbers}], 2, 9, 3, vector, enqueue_many=True
        )["a"],
    ]
    runner = tf.train.queue_runner
    return {
        "shapes": [str(batch.shape) for batch in made],
        "same": [
            getattr(runner, name) is getattr(tf.train, name)
            for name in ("QueueRunner", "add_queue_runner", "start_queue_runners")
        ],
        "refused": tries(
            lambda: tf.train.maybe_batch_join([[numbers]], vector, 2),
            lambda: tf.train.maybe_shuffle_batch([numbers], 2, 3, 3, keep),
        ),
    }
