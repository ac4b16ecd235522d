"""Datasets in eager mode, and what datasets, queues and their kin refuse."""

import threading

import numpy as np
import pytest

from scopetutor import tf

Dataset = tf.data.Dataset


@pytest.fixture
def eager():
    """Eager mode for one test."""
    tf.reset_default_graph()
    tf.enable_eager_execution()
    yield
    tf.disable_eager_execution()
    tf.reset_default_graph()


def _numbers(dataset):
    return [np.asarray(element).tolist() for element in dataset]


@pytest.mark.usefixtures("eager")
def test_eager_datasets_give_their_elements():
    """Iterating gives tensors with values; functions may take variables."""
    weights = tf.Variable([10.0, 20.0])

    assert _numbers(Dataset.range(4).map(lambda i: i * 2).batch(3)) == [[0, 2, 4], [6]]
    assert _numbers(Dataset.range(2).map(lambda i: tf.gather(weights, i))) == [10, 20]
    assert _numbers(Dataset.from_generator(lambda: iter([1, 2]), tf.int32)) == [1, 2]


@pytest.mark.usefixtures("eager")
def test_eager_iterators_end_as_python_ones_do():
    """`next` stops the iteration, `get_next` is out of range."""
    iterator = Dataset.range(1).make_one_shot_iterator()

    assert iterator.get_next().numpy() == 0
    with pytest.raises(StopIteration):
        next(iterator)
    with pytest.raises(tf.errors.OutOfRangeError, match="End of sequence"):
        iterator.get_next()
    with pytest.raises(RuntimeError, match="make_initializable_iterator is not"):
        Dataset.range(1).make_initializable_iterator()


@pytest.mark.usefixtures("eager")
def test_queues_and_readers_are_for_graphs():
    """Input pipelines of queues are refused in eager mode."""
    with pytest.raises(RuntimeError, match=r"use tf\.data"):
        tf.train.input_producer([1, 2])
    with pytest.raises(ValueError, match=r"use tf\.data"):
        tf.train.batch([tf.constant(1)], 2)
    with pytest.raises(ValueError, match=r"use tf\.data"):
        tf.train.shuffle_batch([tf.constant(1)], 2, 20, 5)
    with pytest.raises(RuntimeError, match=r"tf\.data to get data"):
        tf.WholeFileReader()


def test_files_are_listed(tmp_path):
    """Sorted, or in an order of a seed; an error if there are none."""
    for name in "cab":
        (tmp_path / f"{name}.txt").write_text(name)
    pattern = str(tmp_path / "*.txt")
    in_order = Dataset.list_files(pattern, shuffle=False)
    mixed = Dataset.list_files(pattern, seed=3)
    none = Dataset.list_files(str(tmp_path / "*.no"))
    found = []
    with tf.Session() as session:
        for dataset in (in_order, mixed):
            iterator = dataset.make_initializable_iterator()
            element = iterator.get_next()
            session.run(iterator.initializer)
            found.append([session.run(element)[-5:] for _ in range(3)])
        begin = none.make_initializable_iterator().initializer
        with pytest.raises(tf.errors.InvalidArgumentError, match="No files matched"):
            session.run(begin)

    assert found[0] == [b"a.txt", b"b.txt", b"c.txt"]
    assert sorted(found[1]) == found[0]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda d: d.padded_batch(2, tf.constant([1])), "element type was int32"),
        (lambda d: d.padded_batch(2, tf.zeros([1, 1], tf.int64)), "must be a 1-D"),
        (lambda d: d.padded_batch(2, [], padding_values=[1, 2]), "should be a scalar"),
        (lambda d: d.map(lambda x: object()), "Unsupported return value"),
        (lambda d: d.flat_map(lambda x: x), "must return a `Dataset`"),
        (lambda d: d.reduce(1.0, lambda s, x: x), "element types for the new state"),
        (lambda d: tf.data.experimental.get_single_element(3), "must be a `tf.data"),
        (
            lambda d: tf.data.experimental.map_and_batch(
                lambda x: x, 2, num_parallel_batches=1, num_parallel_calls=1
            ),
            "mutually exclusive",
        ),
        (
            lambda d: Dataset.from_tensor_slices(
                tf.SparseTensor([[0]], [1], [2])
            ),
            "no sparse tensors",
        ),
        (
            lambda d: tf.data.Iterator.from_structure((tf.int64,), ([], [])),
            "sequence length",
        ),
        (lambda d: tf.data.Iterator.from_structure((tf.int64,), 3), "must also be"),
        (lambda d: d.unbatch(), "Cannot unbatch"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(make, words):
    """One clear sentence, when the dataset is built."""
    with pytest.raises((TypeError, ValueError, NotImplementedError), match=words):
        make(Dataset.range(3))


def test_options_are_checked_and_merged():
    """Unknown options and wrong types are refused; contradictions, too."""
    one, other = tf.data.Options(), tf.data.Options()
    one.experimental_deterministic = True
    other.experimental_deterministic = False
    with pytest.raises(AttributeError, match="Cannot set the property speed"):
        one.speed = 3
    with pytest.raises(TypeError, match="must be of type"):
        one.experimental_slack = 3
    with pytest.raises(ValueError, match="incompatible values"):
        one.merge(other)
    with pytest.raises(AttributeError):
        _ = one.speed
    other.experimental_deterministic = True

    assert one == other


def test_threads_are_asked_for_by_options():
    """Settings of threads add the operations that TensorFlow adds."""
    options = tf.data.Options()
    options.experimental_threading.private_threadpool_size = 2
    options.experimental_threading.max_intra_op_parallelism = 1
    Dataset.range(3).with_options(options).make_initializable_iterator()
    kinds = [op.type for op in tf.get_default_graph().get_operations()]

    assert "PrivateThreadPoolDataset" in kinds
    assert "MaxIntraOpParallelismDataset" in kinds


def test_a_closed_session_wakes_those_who_wait():
    """A thread that waits for a queue is told that it was cancelled."""
    queue = tf.FIFOQueue(1, tf.int32)
    element = queue.dequeue()
    session = tf.Session()
    found = []

    def wait():
        try:
            session.run(element)
        except tf.errors.CancelledError as error:
            found.append(error.message.split("\n")[0])

    thread = threading.Thread(target=wait)
    thread.start()
    while not session._state.resources:
        thread.join(0.01)
    session.close()
    thread.join(5)

    assert found == ["Dequeue operation was cancelled"]


def test_a_closed_queue_lets_go_of_those_who_would_put():
    """Closing with cancelling wakes a thread that waits for room."""
    queue = tf.FIFOQueue(1, tf.int32)
    put, close = queue.enqueue(1), queue.close(cancel_pending_enqueues=True)
    found = []
    with tf.Session() as session:
        session.run(put)

        def wait():
            try:
                session.run(put)
            except tf.errors.CancelledError as error:
                found.append(error.message.split("\n")[0])

        thread = threading.Thread(target=wait)
        thread.start()
        thread.join(0.1)
        session.run(close)
        thread.join(5)

    assert found == ["Enqueue operation was cancelled"]


def test_specs_say_what_they_are():
    """TensorSpec compares, prints and hashes as TensorFlow's."""
    spec = tf.TensorSpec([2, None], tf.int32, name="n")
    same = tf.TensorSpec((2, None), tf.int32, "n")

    assert spec == same
    assert hash(spec) == hash(same)
    assert spec != tf.TensorSpec([2], tf.int32)
    assert spec.name == "n"
    assert repr(spec) == "TensorSpec(shape=(2, ?), dtype=tf.int32, name='n')"
    assert tf.TensorSpec.from_tensor(tf.zeros([2, 3], tf.int32)).shape == [2, 3]


def test_estimators_refuse_what_they_do_not_do(tmp_path):
    """Hooks must be hooks, checkpoints must be there, labels must be taken."""
    spec = tf.estimator.EstimatorSpec

    def model_fn(features):
        return spec("infer", predictions=features)

    model = tf.estimator.Estimator(model_fn, str(tmp_path))
    with pytest.raises(TypeError, match="must be a SessionRunHook, given: 3"):
        model.train(lambda: 1, hooks=[3])
    with pytest.raises(ValueError, match="must be a string or a WarmStartSettings"):
        tf.estimator.Estimator(model_fn, warm_start_from=3)
    with pytest.raises(NotImplementedError, match="for predictions only"):
        model.export_saved_model("x", lambda: 1, experimental_mode="train")
    with pytest.raises(ValueError, match="does not take labels"):
        model.train(lambda: (tf.constant(1), tf.constant(2)), steps=1)
    with pytest.raises(ValueError, match="len 2 tuple"):
        model.train(lambda: (1, 2, 3), steps=1)
    wrong = tf.estimator.Estimator(lambda features: 3, str(tmp_path))
    with pytest.raises(ValueError, match="should return an EstimatorSpec"):
        wrong.train(lambda: tf.constant(1), steps=1)
    assert model.config.replace(keep_checkpoint_max=2).keep_checkpoint_max == 2
