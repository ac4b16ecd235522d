"""tf.lookup and tf.contrib.lookup: tables, what fills them, hashes and buckets."""

import functools

import numpy as np
from said import own_folder, tries, tries_run


def _vocabulary(*lines):
  with open("words.txt", "w") as file:
    file.write("".join(line + "\n" for line in lines))
  return "words.txt"


def _ran(tf, fetches):
  with tf.Session() as session:
    session.run(tf.tables_initializer())
    return session.run(fetches)


def of_tensors(tf):
  lookup = tf.contrib.lookup
  words = lookup.index_table_from_tensor(tf.constant(["x", "y", "z"]), default_value=7)
  more = lookup.index_table_from_tensor(["a", "b"], num_oov_buckets=3, name="more")
  numbers = lookup.index_table_from_tensor(tf.constant([10, 20]), dtype=tf.int32, num_oov_buckets=4)
  back = lookup.index_to_string_table_from_tensor(tf.constant(["x", "y", "z"]), default_value="?")
  sparse = tf.SparseTensor([[0, 0], [1, 2]], ["y", "w"], [2, 3])
  found = _ran(tf, {
    "words": words.lookup(sparse).values, "more": more.lookup(tf.constant([["b", "q"], ["rr", "a"]])),
    "numbers": numbers.lookup(tf.constant([10, 11, 20])), "back": back.lookup(tf.constant([1, 8], tf.int64)),
    "sizes": [words.size(), more.size(), numbers.size()]})
  return {"found": found, "names": [words.name, more.name], "types": [str(words.key_dtype), str(more.value_dtype)],
          "sparse": str(type(words.lookup(sparse)).__name__)}


def of_files(tf):
  lookup = tf.contrib.lookup
  with own_folder():
    path = _vocabulary("a", "b", "c")
    ids = lookup.index_table_from_file(path, num_oov_buckets=2)
    few = lookup.index_table_from_file(path, vocab_size=2, default_value=-5)
    words = lookup.index_to_string_table_from_file(path)
    found = _ran(tf, [ids.lookup(tf.constant(["a", "c", "q", "rr"])), few.lookup(tf.constant(["b", "c"])),
                      words.lookup(tf.constant([[0, 9]], tf.int64)), few.size()])
  return {"found": found, "assets": [t.op.type for t in tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS)]}


def of_columns(tf):
  lookup = tf.contrib.lookup
  with own_folder():
    path = _vocabulary("one 1 1.5", "two 2 2.5")
    texts = lookup.HashTable(lookup.TextFileInitializer(path, tf.string, 0, tf.int64, 1, delimiter=" "), -1)
    numbers = lookup.HashTable(lookup.TextFileInitializer(path, tf.int64, 1, tf.float32, 2, delimiter=" "), 0.0, name="n")
    found = _ran(tf, [texts.lookup(tf.constant(["two", "ten"])), numbers.lookup(tf.constant([1, 3], tf.int64))])
    tries_ = tries_run(
        tf, lambda: lookup.HashTable(lookup.TextFileInitializer(path, tf.string, 5, tf.int64, -1, delimiter=" "), -1).init,
        lambda: lookup.HashTable(lookup.TextFileInitializer(path, tf.int64, 0, tf.int64, -1, delimiter=" "), -1).init,
        lambda: lookup.index_table_from_file("absent.txt").initializer)
  return {"found": found, "errors": tries_}


def static(tf):
  lookup = tf.lookup
  make = functools.partial(lookup.KeyValueTensorInitializer, ["e", "f"], tf.constant([0, 1], tf.int64))
  ids = lookup.StaticVocabularyTable(make(), 3)
  table = lookup.StaticHashTable(make(name="given"), -1, name="named")
  keys, values = table.export()
  found = _ran(tf, [ids.lookup(tf.constant(["f", "zz"])), table.lookup(tf.constant(["e", "zz"])), ids.size(), table.size()])
  return {"found": found, "names": [keys.name, values.name, ids.name, table.name], "shapes": [str(keys.shape), str(values.shape)],
          "default": table.default_value.name}


def changing(tf):
  table = tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, -1)
  rows = tf.contrib.lookup.MutableHashTable(tf.int64, tf.float32, [0.0, 0.0], name="rows")
  dense = tf.contrib.lookup.MutableDenseHashTable(tf.int64, tf.int64, -1, empty_key=0, deleted_key=-1)
  steps = [table.insert(tf.constant(["a", "b"]), tf.constant([1, 2], tf.int64)), rows.insert([1], [[1.0, 2.0]]),
           dense.insert([5, 6], [50, 60])]
  asked = [table.lookup(tf.constant(["a", "z"])), table.size(), rows.lookup([1, 2]), dense.lookup([5, 7]), dense.size()]
  removed = table.remove(tf.constant(["a"]))
  exported = rows.export()
  saver = tf.train.Saver()
  with own_folder(), tf.Session() as session:
    session.run(steps)
    found = [session.run(asked), session.run(exported)]
    path = saver.save(session, "./model")
    session.run(removed)
    found.append(session.run(asked))
    saver.restore(session, path)
    found.append(session.run(asked))
  return {"found": found, "name": table.name}


def old_names(tf):
  lookup = tf.contrib.lookup
  table = lookup.string_to_index_table_from_tensor(tf.constant(["p", "q"]), num_oov_buckets=1)
  strong = lookup.index_table_from_tensor(["p"], num_oov_buckets=9, hasher_spec=lookup.StrongHashSpec((3, 4)))
  legacy = lookup.index_table_from_tensor(["p"], num_oov_buckets=9, hasher_spec=lookup.HasherSpec("legacy", None))
  keys = tf.constant(["p", "word", "another"])
  return {"found": _ran(tf, [table.lookup(keys), strong.lookup(keys), legacy.lookup(keys),
                             lookup.string_to_index(keys, tf.constant(["word", "p"])),
                             lookup.index_to_string(tf.constant([1, 2], tf.int64), tf.constant(["word", "p"]))]),
          "index": [lookup.TextFileIndex.WHOLE_LINE, lookup.TextFileIndex.LINE_NUMBER], "spec": str(lookup.FastHashSpec)}


def refused(tf):
  lookup = tf.contrib.lookup
  table = lookup.index_table_from_tensor(["p"])
  pairs = lookup.KeyValueTensorInitializer
  file = lookup.TextFileInitializer
  return {"errors": tries(
      lambda: table.lookup(tf.constant([1])), lambda: lookup.index_table_from_file(""), lambda: lookup.index_table_from_tensor(None),
      lambda: lookup.index_table_from_tensor([1], num_oov_buckets=-1), lambda: lookup.index_table_from_tensor([1.5], dtype=tf.float32),
      lambda: lookup.index_table_from_tensor([1]), lambda: lookup.index_table_from_file("x", vocab_size=0),
      lambda: lookup.index_to_string_table_from_file("x", vocab_size=0), lambda: lookup.index_to_string_table_from_tensor(None),
      lambda: file("x", tf.string, -1, tf.int64, -1), lambda: file("x", tf.float32, -2, tf.int64, -1), lambda: file("x", tf.string, -3, tf.int64, -1),
      lambda: file("x", tf.string, 0, tf.int64, -2), lambda: file("x", tf.string, 0, tf.int64, 0, vocab_size=0), lambda: lookup.StrongHashSpec((1,)),
      lambda: lookup.IdTableWithHashBuckets(None, 0), lambda: lookup.IdTableWithHashBuckets(None, 2, key_dtype=tf.float32),
      lambda: lookup.IdTableWithHashBuckets(None, 2, hasher_spec="fast"),
      lambda: lookup.IdTableWithHashBuckets(lookup.HashTable(pairs([1.0], [1.0]), 0.0), 2),
      lambda: lookup.IdTableWithHashBuckets(lookup.HashTable(pairs(["a"], [1.0]), 0.0), 2),
      lambda: tf.lookup.StaticVocabularyTable(None, 0), lambda: lookup.string_to_index_table_from_tensor([1]))}


def refused_by_sessions(tf):
  lookup = tf.contrib.lookup
  pairs = lookup.KeyValueTensorInitializer
  table = lookup.index_table_from_tensor(["p"])
  return {"ran": tries_run(tf, lambda: table.lookup(tf.constant(["p"])), lambda: lookup.HashTable(pairs([1, 1], [1.0, 2.0], tf.int64), -1.0).init,
                           lambda: lookup.HashTable(pairs(["a", "a"], ["x", "y"]), "").init)}


def hashes(tf):
  letters = "abcdefghijklmnopqrstuvwxyz0123456789"
  texts = [(letters * 9)[i:i + n] for i, n in enumerate([0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 128, 129, 200])]
  x = tf.constant(texts)
  return {"fast": tf.strings.to_hash_bucket_fast(x, 1 << 62), "old": tf.string_to_hash_bucket(x, 1 << 62),
          "strong": tf.strings.to_hash_bucket_strong(x, 1 << 62, [12, 34]), "few": tf.string_to_hash_bucket_fast(x, 10, name="few"),
          "errors": tries(lambda: tf.string_to_hash_bucket("a", 3, input=tf.constant("b")), lambda: tf.string_to_hash_bucket_fast(tf.constant(3), 3))}


def merged(tf):
  ids = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], tf.constant([2, 0, 1], tf.int64), [2, 2])
  values = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], [0.5, 1.5, 2.5], [2, 2])
  one = tf.sparse_merge(ids, values, 3)
  two = tf.sparse_merge([ids, ids], values, [3, 4], already_sorted=True)
  kept = tf.convert_to_tensor_or_sparse_tensor
  return {"one": one, "two": two, "kept": kept(ids) is ids, "made": kept(np.ones(2)),
          "value": kept(tf.SparseTensorValue([[0]], [1], [2])),
          "errors": tries(lambda: tf.sparse_merge(ids, values, "x"), lambda: tf.sparse_merge(3, values, 3), lambda: tf.sparse_merge([ids], values, 3),
                          lambda: tf.sparse_merge([ids], values, ["x"]), lambda: tf.sparse_merge([ids], values, [3, 4]), lambda: kept(ids, tf.float32))}
