"""tf.data.experimental: what is seldom used: datasets that choose, CSV, Examples."""

import numpy as np
from said import first_line, own_folder, tries


def _all(tf, dataset, most=12):
    """The elements of a dataset, and what ends them; errors do not end them."""
    iterator = dataset.make_initializable_iterator()
    element = iterator.get_next()
    found = []
    with tf.Session() as session:
        session.run(iterator.initializer)
        for _ in range(most):
            try:
                found.append(session.run(element))
            except tf.errors.OpError as error:
                found.append(first_line(error))
                if isinstance(error, tf.errors.OutOfRangeError):
                    break
    return found


def sampled(tf):
    Dataset, sample = tf.data.Dataset, tf.data.experimental.sample_from_datasets
    kinds = [Dataset.from_tensors(i).repeat() for i in range(3)]
    ends = [Dataset.range(4), Dataset.range(10, 12)]
    weights = Dataset.from_tensors([0.25, 0.5, 0.25]).repeat()
    return {
        "even": _all(tf, sample(kinds, seed=1), 20),
        "uneven": _all(tf, sample(kinds, [0.1, 0.2, 0.7], seed=2), 20),
        "ends": _all(tf, sample(ends, np.array([0.5, 0.5]), seed=3)),
        "by a dataset": _all(tf, sample(kinds, weights, seed=4), 20),
        "one": _all(tf, sample([ends[0]])),
        "repr": str(sample(kinds)),
        "refused": tries(
            lambda: sample(kinds, [1, 2, 3]),
            lambda: sample(kinds, [0.5, 0.5]),
            lambda: sample([kinds[0], Dataset.range(2)]),
        ),
    }


def chosen(tf):
    Dataset, choose = tf.data.Dataset, tf.data.experimental.choose_from_datasets
    texts = [Dataset.from_tensors(text).repeat(2) for text in ("a", "b", "c")]
    pads = [Dataset.from_tensors([1, 2]), Dataset.from_tensors([1, 2, 3])]
    return {
        "in turn": _all(tf, choose(texts, Dataset.range(3).repeat(3))),
        "some": _all(tf, choose(texts, Dataset.from_tensor_slices(np.array([2, 2, 2, 0])))),
        "outside": _all(tf, choose(texts, Dataset.range(1, 5))),
        "shapes": str(choose(pads, Dataset.range(2))),
        "refused": tries(
            lambda: choose(texts, Dataset.from_tensors(1)),
            lambda: choose([texts[0], pads[0]], Dataset.range(2)),
        ),
    }


def numbers(tf):
    experimental = tf.data.experimental
    Counter, Random = experimental.Counter, experimental.RandomDataset
    texts = tf.data.Dataset.from_tensor_slices(["u", "v", "u", "w", "v"])
    return {
        "counted": _all(tf, Counter(), 4) + _all(tf, Counter(3, -2, tf.int32), 4),
        "random": _all(tf, Random(seed=7).batch(3), 3),
        "by the graph": _all(tf, Random(), 3),
        "repr": [str(Counter()), str(Random())],
        "unique": _all(tf, texts.apply(experimental.unique())),
        "numbers": _all(tf, (tf.data.Dataset.range(9).map(lambda x: x % 4)).apply(experimental.unique())),
        "refused": tries(
            lambda: tf.data.Dataset.from_tensors(1.0).apply(experimental.unique()),
            lambda: tf.data.Dataset.from_tensors((1, 2)).apply(experimental.unique()),
        ),
    }


def reduced(tf):
    experimental, Dataset = tf.data.experimental, tf.data.Dataset
    total = experimental.Reducer(
        init_func=lambda key: (tf.constant(0, tf.int64), key * 100),
        reduce_func=lambda state, x: (state[0] + x, state[1] + 1),
        finalize_func=lambda a, b: {"sum": a, "seen": b},
    )
    joined = experimental.Reducer(
        lambda _: tf.constant([], tf.int64),
        lambda state, x: tf.concat([state, tf.expand_dims(x, 0)], 0),
        lambda x: x,
    )
    group = experimental.group_by_reducer
    wrong = experimental.Reducer(lambda _: 0, lambda state, x: 1.5, lambda x: x)
    return {
        "sums": _all(tf, Dataset.range(10).apply(group(lambda x: x % 3, total))),
        "joined": _all(tf, Dataset.range(7).apply(group(lambda x: x % 2, joined))),
        "shapes": str(Dataset.range(7).apply(group(lambda x: x % 2, joined))),
        "refused": tries(
            lambda: Dataset.range(3).apply(group(lambda x: tf.cast(x, tf.int32), total)),
            lambda: Dataset.range(3).apply(group(lambda x: x, wrong)),
        ),
    }


def resampled(tf):
    resample = tf.data.experimental.rejection_resample
    classes = tf.data.Dataset.from_tensor_slices([0, 0, 0, 1] * 10).repeat()
    target = [0.5, 0.5]
    made = {
        "known": classes.apply(resample(lambda x: x, target, [0.75, 0.25], seed=5)),
        "same": classes.apply(resample(lambda x: x, target, [0.5, 0.5], seed=5)),
        "estimated": classes.apply(resample(lambda x: x, target, seed=5)),
    }
    return {
        "known": _all(tf, made["known"], 16),
        "same": _all(tf, made["same"], 4),
        "reprs": [str(made[name]) for name in sorted(made)],
    }


def _write(name, text):
    with open(name, "w") as file:
        file.write(text)


def csv_lines(tf):
    Csv = tf.data.experimental.CsvDataset
    with own_folder():
        _write("a.csv", 'x,y,s\n1,2.5,u\n3,,"v,w"\n,4,\n')
        _write("b.csv", '1,2\n3\n5,6,7\nq,2\n"8",9\n"8,9\n,1\n')
        defaults = [tf.constant([7]), tf.constant([1.5]), tf.constant(["z"])]
        kinds = [tf.int32, tf.float32, tf.string]
        return {
            "defaults": _all(tf, Csv("a.csv", defaults, header=True)),
            "types": _all(tf, Csv("a.csv", kinds, header=True)),
            "bad": _all(tf, Csv(["b.csv", "a.csv"], [tf.int32, tf.int32])),
            "chosen": _all(tf, Csv("a.csv", [tf.string], select_cols=[2], na_value="u", header=True)),
            "too many": _all(tf, Csv("a.csv", [tf.string], select_cols=[5])),
            "plain": _all(tf, Csv("b.csv", [tf.string], field_delim=";", use_quote_delim=False)),
            "missing": _all(tf, Csv("c.csv", [tf.string]), 1),
            "repr": str(Csv("a.csv", kinds)),
        }


def csv_batches(tf):
    make = tf.data.experimental.make_csv_dataset
    plain = {"shuffle": False, "num_epochs": 1}
    with own_folder():
        _write("a.csv", "x,y,s\n1,2.5,u\n3,,v\n5000000000,4,\n")
        _write("b.csv", "x,y,s\n7,8,w\n")
        _write("c.csv", "x,z\n7,8\n")
        _write("d.csv", "")
        return {
            "all": _all(tf, make("a.csv", 2, **plain)),
            "label": _all(tf, make(["a.csv", "b.csv"], 3, label_name="s", **plain)),
            "some": _all(tf, make("a.csv", 2, select_columns=["s", "x"], **plain)),
            "given": _all(tf, make("b.csv", 1, ["p", "q", "r"], [1, 2.0, ""], header=True, **plain)),
            "types": str(make("*.csv"[:0] + "a.csv", 2)),
            "few": str(make("a.csv", 2, num_rows_for_inference=1)),
            "shuffled": _all(tf, make(["a.csv", "b.csv"], 2, shuffle_seed=3, num_epochs=2)),
            "endless": _all(tf, make("b.csv", 2, shuffle=False), 3),
            "repeated": _all(tf, make("b.csv", 2, shuffle=False, num_epochs=3), 3),
            "refused": tries(
                lambda: make("none*", 2),
                lambda: make([], 2),
                lambda: make(["a.csv", "c.csv"], 2),
                lambda: make("d.csv", 2),
                lambda: make("a.csv", 2, header=False),
                lambda: make("a.csv", 2, ["x", "x", "y"]),
                lambda: make("a.csv", 2, label_name="t"),
                lambda: make("a.csv", 2, select_columns=["x", 0]),
                lambda: make("a.csv", 2, select_columns=[9]),
                lambda: make("a.csv", 2, select_columns=["t"]),
                lambda: make("a.csv", 2, ["x", "y"]),
                lambda: make("a.csv", 2, select_columns=[0], column_defaults=[1, 2]),
                lambda: make("a.csv", 2, compression_type="ZLIB"),
                lambda: make("a.csv", 2, compression_type="LZ"),
            ),
        }


def _feature(tf, key, **value):
    feature = tf.train.Feature(**value)
    features = tf.train.Features(feature={key: feature})
    return tf.train.Example(features=features).SerializeToString()


def _example(tf, number, text):
    """Messages of one feature each, one after the other: they are one message."""
    parts = [
        _feature(tf, "n", int64_list=tf.train.Int64List(value=[number])),
        _feature(tf, "pair", float_list=tf.train.FloatList(value=[number, 0.5])),
    ]
    if text:
        parts.append(_feature(tf, "t", bytes_list=tf.train.BytesList(value=[text])))
    return b"".join(parts)


def examples(tf):
    experimental, Dataset = tf.data.experimental, tf.data.Dataset
    wanted = {
        "t": tf.FixedLenFeature([], tf.string, "none"),
        "n": tf.FixedLenFeature([], tf.int64),
        "pair": tf.FixedLenFeature([2], tf.float32),
    }
    texts = [_example(tf, i, b"abc"[i : i + 1]) for i in range(4)]
    parse = experimental.parse_example_dataset
    make = experimental.make_batched_features_dataset
    with own_folder():
        writer = experimental.TFRecordWriter("a.rec")
        write = writer.write(Dataset.from_tensor_slices(texts))
        with tf.Session() as session:
            session.run(write)
        plain = {"shuffle": False, "num_epochs": 1}
        return {
            "parsed": _all(tf, Dataset.from_tensor_slices(texts).batch(3).apply(parse(wanted))),
            "missing": _all(tf, Dataset.from_tensors(texts).apply(
                parse({"t": tf.FixedLenFeature([], tf.string)}, 2))),
            "files": _all(tf, make("a.rec", 3, wanted, **plain)),
            "label": _all(tf, make("a.rec", 4, wanted, label_key="n", **plain)),
            "shuffled": _all(tf, make("a.rec", 2, wanted, shuffle_seed=4, num_epochs=2)),
            "repr": str(make("a.rec", 3, wanted)),
            "refused": tries(
                lambda: parse(None),
                lambda: Dataset.from_tensors("a").apply(parse(wanted)),
                lambda: make("a.rec", 3, wanted, tf.TFRecordReader, **plain),
                lambda: make("a.rec", 3, wanted, label_key="u", **plain),
                lambda: writer.write(3),
                lambda: writer.write(Dataset.range(3)),
            ),
        }


def contrib(tf):
    """What it is called in tf.contrib.data."""
    data, Dataset = tf.contrib.data, tf.data.Dataset
    reducer = data.Reducer(lambda _: tf.constant(0, tf.int64), tf.add, lambda x: x)
    with own_folder():
        _write("a.csv", "1,2\n3,4\n")
        plain = {"shuffle": False, "num_epochs": 1}
        names = ["x", "y"]
        return {
            "counted": _all(tf, data.Counter(2), 3),
            "random": _all(tf, data.RandomDataset(5), 3),
            "sampled": _all(tf, data.sample_from_datasets([Dataset.range(2)] * 2, seed=1)),
            "chosen": _all(tf, data.choose_from_datasets([Dataset.range(2)] * 2, Dataset.range(2))),
            "reduced": _all(tf, Dataset.range(5).apply(data.group_by_reducer(lambda x: x % 2, reducer))),
            "lines": _all(tf, data.CsvDataset("a.csv", [tf.int32, tf.int32])),
            "batches": _all(tf, data.make_csv_dataset("a.csv", 1, names, header=False, **plain)),
            "scanned": _all(tf, Dataset.range(4).apply(data.scan(
                tf.constant(0, tf.int64), lambda s, x: (s + x, s)))),
            "unique": _all(tf, Dataset.range(4).map(lambda x: x // 2).apply(data.unique())),
            "names": [data.CsvDataset.__name__, data.Reducer.__name__, data.Counter.__name__],
        }


def counted(tf):
    """How many elements datasets say they have."""
    experimental, Dataset = tf.data.experimental, tf.data.Dataset
    ten, endless = Dataset.range(10), Dataset.range(3).repeat()
    unknown = ten.filter(lambda x: x > 3)
    even = lambda x: x % 2
    one = lambda x: Dataset.from_tensors(x)
    made = {}
    for name, dataset in (("ten", ten), ("endless", endless), ("unknown", unknown)):
        made[name] = [
            experimental.cardinality(each)
            for each in (
                dataset,
                dataset.map(even),
                dataset.map(even, 2),
                dataset.batch(3),
                dataset.batch(3, True),
                dataset.padded_batch(4, []),
                dataset.padded_batch(4, [], drop_remainder=True),
                dataset.apply(experimental.map_and_batch(even, 4)),
                dataset.repeat(0),
                dataset.repeat(3),
                dataset.repeat(),
                dataset.take(4),
                dataset.take(40),
                dataset.take(-1),
                dataset.skip(4),
                dataset.skip(40),
                dataset.skip(-1),
                dataset.shard(3, 0),
                dataset.shard(3, 2),
                dataset.shuffle(5),
                dataset.apply(experimental.shuffle_and_repeat(5, 2)),
                dataset.prefetch(1),
                dataset.cache(),
                dataset.flat_map(one),
                dataset.interleave(one, 2),
                dataset.window(3),
                dataset.window(3, drop_remainder=True),
                dataset.window(3, shift=1, stride=2, drop_remainder=True),
                dataset.concatenate(ten),
                dataset.concatenate(endless),
                dataset.enumerate(),
                Dataset.zip((dataset, ten)),
                Dataset.zip((endless, dataset)),
                dataset.batch(2).unbatch(),
                dataset.apply(experimental.ignore_errors()),
                dataset.apply(experimental.take_while(lambda x: x < 2)),
                dataset.apply(experimental.unique()),
                dataset.apply(experimental.scan(tf.constant(0, tf.int64), lambda s, x: (s, x))),
                experimental.choose_from_datasets([ten, ten], dataset),
                dataset.with_options(tf.data.Options()),
            )
        ]
    made["others"] = [
        experimental.cardinality(each)
        for each in (
            Dataset.range(0).repeat(),
            Dataset.from_tensor_slices([1, 2, 3]),
            Dataset.from_generator(lambda: [1], tf.int32),
            experimental.RandomDataset(1),
            experimental.Counter(),
            tf.data.TextLineDataset("a"),
            Dataset.range(5, 1, -2),
        )
    ]
    made["names"] = [experimental.INFINITE_CARDINALITY, experimental.UNKNOWN_CARDINALITY]
    return made
