"""tf.feature_column: every kind of column, input_layer, linear_model and parsing specs."""

import re

from said import own_folder, tries, tries_run


def _values(tf, made):
  with tf.Session() as session:
    session.run([tf.global_variables_initializer(), tf.tables_initializer()])
    return session.run(made)


def _without_classes(*makes):
  return [re.sub("<class '[^>]*>", "<class>", text) for text in tries(*makes)]


def _features(tf):
  return {"age": tf.constant([[20.0], [35.0], [61.0]]), "height": tf.constant([1.5, 1.75, 2.0]),
          "pixels": tf.reshape(tf.range(12, dtype=tf.int32), [3, 2, 2]), "id": tf.constant([[0], [2], [1]], tf.int64),
          "word": tf.constant([["a"], ["b"], ["zz"]]), "other": tf.constant(["b", "", "a"]),
          "many": tf.SparseTensor([[0, 0], [0, 1], [2, 0]], ["a", "c", "b"], [3, 2]),
          "counts": tf.SparseTensor([[0, 0], [0, 1], [2, 0]], [1.0, 2.0, 0.5], [3, 2])}


def numbers(tf):
  c = tf.feature_column
  columns = [c.numeric_column("height"), c.numeric_column("age", normalizer_fn=lambda x: (x - 30.0) / 10.0),
             c.numeric_column("pixels", shape=[2, 2], dtype=tf.int32, default_value=[[1, 2], [3, 4]])]
  made = {}
  layer = c.input_layer(_features(tf), columns, cols_to_output_tensors=made)
  return {"layer": layer, "named": [made[column].name for column in columns], "names": [column.name for column in columns]}


def buckets(tf):
  c = tf.feature_column
  age = c.bucketized_column(c.numeric_column("age"), [18, 35, 50.5])
  pair = c.bucketized_column(c.numeric_column("pair", shape=2), [0, 1])
  features = dict(_features(tf), pair=tf.constant([[-1.0, 0.5], [2.0, 0.0], [1.0, 5.0]]))
  return {"dense": c.input_layer(features, [age, pair]), "linear": c.linear_model(features, [pair, age], units=2), "name": age.name}


def ids(tf):
  c = tf.feature_column
  exact = c.categorical_column_with_identity("id", 3)
  default = c.categorical_column_with_identity("id", 2, default_value=1)
  hashed = c.categorical_column_with_hash_bucket("word", 5)
  numbers_ = c.categorical_column_with_hash_bucket("id", 7, dtype=tf.int64)
  listed = c.categorical_column_with_vocabulary_list("many", ["a", "b"], num_oov_buckets=2)
  known = c.categorical_column_with_vocabulary_list("other", ("a", "b"), default_value=0)
  features = _features(tf)
  found = [c.input_layer(features, [c.indicator_column(column)]) for column in (exact, default, hashed, numbers_, listed, known)]
  return {"found": _values(tf, found), "names": [t.name for t in found]}


def of_files(tf):
  c = tf.feature_column
  with own_folder():
    with open("words.txt", "w") as file:
      file.write("a\nb\nc\n")
    whole = c.categorical_column_with_vocabulary_file("word", "words.txt", num_oov_buckets=1)
    part = c.categorical_column_with_vocabulary_file("other", "words.txt", vocabulary_size=2, default_value=1)
    found = _values(tf, c.input_layer(_features(tf), [c.indicator_column(whole), c.indicator_column(part)]))
  return {"found": found, "column": repr(whole)}


def embedded(tf):
  c = tf.feature_column
  word = c.categorical_column_with_hash_bucket("word", 5)
  many = c.categorical_column_with_vocabulary_list("many", ["a", "b"], num_oov_buckets=2)
  columns = [c.embedding_column(word, 3), c.embedding_column(many, 2, combiner="sqrtn", initializer=tf.ones_initializer(), trainable=False),
             c.embedding_column(c.weighted_categorical_column(many, "counts"), 2, combiner="sum", max_norm=1.0)]
  variables = {}
  layer = c.input_layer(_features(tf), columns, weight_collections=["mine"], cols_to_vars=variables)
  with tf.variable_scope("later"):
    again = c.input_layer(_features(tf), columns[0])
  tf.gradients(again, tf.trainable_variables())
  return {"layer": _values(tf, layer), "again": again.name, "variables": [[v.name for v in variables[column]] for column in columns]}


def shared(tf):
  c = tf.feature_column
  word = c.categorical_column_with_vocabulary_list("word", ["a", "b"])
  other = c.categorical_column_with_vocabulary_list("other", ["a", "b"])
  columns = c.shared_embedding_columns([other, word], 3)
  named = c.shared_embedding_columns([word, other], 2, combiner="sum", shared_embedding_collection_name="both")
  layer = c.input_layer(_features(tf), columns)
  second = c.input_layer(_features(tf), named)
  return {"layer": _values(tf, [layer, second]), "names": [column.name for column in columns],
          "variables": [v.name for v in tf.global_variables()]}


def weighted(tf):
  c = tf.feature_column
  many = c.categorical_column_with_vocabulary_list("many", ["a", "b", "c"])
  column = c.weighted_categorical_column(many, "counts")
  layer = c.input_layer(_features(tf), [c.indicator_column(column)])
  linear = c.linear_model(_features(tf), [column, many], sparse_combiner="mean")
  return {"found": _values(tf, [layer, linear]), "name": column.name, "repr": repr(column)}


def crossed(tf):
  c = tf.feature_column
  age = c.bucketized_column(c.numeric_column("age"), [30, 60])
  pair = c.crossed_column(["word", "many"], 11)
  triple = c.crossed_column([age, "word", c.categorical_column_with_identity("id", 3)], 13, hash_key=7)
  nested = c.crossed_column([pair, "other"], 17)
  features = _features(tf)
  layer = c.input_layer(features, [c.indicator_column(column) for column in (pair, triple, nested)])
  return {"found": _values(tf, layer), "names": [pair.name, triple.name, nested.name]}


def linear(tf):
  c = tf.feature_column
  word = c.categorical_column_with_hash_bucket("word", 5)
  variables = {}
  columns = [c.numeric_column("height"), word, c.embedding_column(word, 2), c.indicator_column(word)]
  made = c.linear_model(_features(tf), columns, units=2, weight_collections=["mine"], cols_to_vars=variables)
  again = c.linear_model(_features(tf), [columns[0]], trainable=False)
  named = {"bias" if key == "bias" else key.name: [v.name for v in value] for key, value in variables.items()}
  return {"made": _values(tf, [made, again]), "variables": named}


def unknown_ranks(tf):
  c = tf.feature_column
  x, ids_ = tf.placeholder(tf.float32), tf.placeholder(tf.int64, [None])
  layer = c.input_layer({"x": x, "i": ids_}, [c.numeric_column("x"), c.indicator_column(c.categorical_column_with_identity("i", 3))])
  with tf.Session() as session:
    return {"found": session.run(layer, {x: [1.0, 2.0], ids_: [2, 0]}), "shape": str(layer.shape)}


def specs(tf):
  c = tf.feature_column
  age = c.numeric_column("age", default_value=3.0)
  word = c.categorical_column_with_hash_bucket("word", 5)
  columns = [age, c.bucketized_column(age, [1]), c.embedding_column(word, 3), c.indicator_column(c.categorical_column_with_identity("id", 3)),
             c.crossed_column(["p", word.name], 3), c.weighted_categorical_column(word, "w", tf.int32)]
  spec = c.make_parse_example_spec(columns)
  example = tf.train.Example()
  example.features.feature["word"].bytes_list.value.append(b"one")
  read = tf.parse_example([example.SerializeToString()], spec)
  return {"spec": {key: repr(value) for key, value in spec.items()}, "read": [read["age"], read["word"].values],
          "reprs": [repr(column) for column in columns if "function" not in repr(column) and "object" not in repr(column)]}


def refused_columns(tf):
  c = tf.feature_column
  age, word = c.numeric_column("age"), c.categorical_column_with_hash_bucket("word", 5)
  return {"errors": _without_classes(
      lambda: c.numeric_column(3), lambda: c.numeric_column("a", shape=[0]), lambda: c.numeric_column("a", shape=1.5), lambda: c.numeric_column("a", dtype=tf.string),
      lambda: c.numeric_column("a", default_value="x"), lambda: c.numeric_column("a", shape=2, default_value=[1]), lambda: c.numeric_column("a", default_value=1.5, dtype=tf.int32),
      lambda: c.numeric_column("a", normalizer_fn=3), lambda: c.bucketized_column("age", [1]), lambda: c.bucketized_column(age, []), lambda: c.bucketized_column(age, [2, 1]),
      lambda: c.bucketized_column(c.numeric_column("a", shape=[1, 2]), [1]), lambda: c.categorical_column_with_identity("a", 0),
      lambda: c.categorical_column_with_identity("a", 2, default_value=2), lambda: c.categorical_column_with_hash_bucket("a", 0), lambda: c.categorical_column_with_hash_bucket("a", None),
      lambda: c.categorical_column_with_hash_bucket("a", 2, tf.float32), lambda: c.categorical_column_with_hash_bucket(2, 2),
      lambda: c.categorical_column_with_vocabulary_list("a", []), lambda: c.categorical_column_with_vocabulary_list("a", ["x", "x"]),
      lambda: c.categorical_column_with_vocabulary_list("a", ["x"], num_oov_buckets=2, default_value=0), lambda: c.categorical_column_with_vocabulary_list("a", ["x"], num_oov_buckets=-2),
      lambda: c.categorical_column_with_vocabulary_list("a", [1.5]), lambda: c.categorical_column_with_vocabulary_list("a", ["x"], dtype=tf.int64),
      lambda: c.categorical_column_with_vocabulary_file("a", ""), lambda: c.categorical_column_with_vocabulary_file("a", "absent.txt"),
      lambda: c.categorical_column_with_vocabulary_file("a", "x", 0), lambda: c.weighted_categorical_column(word, "w", tf.string),
      lambda: c.crossed_column(["a"], 3), lambda: c.crossed_column(["a", "b"], 0), lambda: c.crossed_column(["a", 3], 3), lambda: c.crossed_column(["a", word], 3),
      lambda: c.embedding_column(word, 0), lambda: c.embedding_column(word, 2, initializer=3), lambda: c.embedding_column(word, 2, ckpt_to_load_from="x"),
      lambda: c.shared_embedding_columns([word, c.categorical_column_with_identity("i", 5)], 2), lambda: c.shared_embedding_columns([word, c.categorical_column_with_hash_bucket("x", 6)], 2),
      lambda: c.shared_embedding_columns([word], 2, initializer=3), lambda: c.make_parse_example_spec([age, 3]),
      lambda: c.make_parse_example_spec([age, c.numeric_column("age", shape=2)]), lambda: c.weighted_categorical_column(word, "word").parse_example_spec)}


def refused_features(tf):
  c = tf.feature_column
  age, word = c.numeric_column("age"), c.categorical_column_with_hash_bucket("word", 5)
  listed = c.categorical_column_with_vocabulary_list("many", ["a"])
  features = _features(tf)

  def layer(*columns, **changed):
    return c.input_layer(dict(features, **changed), list(columns)).name

  return {"errors": [text.split("Given: Tensor")[0].split("Given: <")[0] for text in tries(
      lambda: layer(), lambda: layer(3), lambda: layer(age, age), lambda: c.input_layer(features, {"a": age}), lambda: layer(word).name,
      lambda: layer(c.numeric_column("absent")), lambda: layer(age, age=tf.constant(1.0)), lambda: layer(age, age=features["many"]),
      lambda: layer(age, c.numeric_column("height"), height=tf.constant([1.0])), lambda: layer(c.indicator_column(word), word=tf.constant([1])),
      lambda: layer(c.indicator_column(word), word=tf.constant([1.5])), lambda: layer(c.indicator_column(listed), many=tf.constant([1])),
      lambda: layer(c.indicator_column(c.categorical_column_with_identity("word", 3))),
      lambda: layer(c.indicator_column(c.weighted_categorical_column(listed, "counts", tf.int32))),
      lambda: layer(c.indicator_column(c.crossed_column([c.weighted_categorical_column(listed, "counts"), "word"], 3)))) ],
      "ran": tries_run(tf, lambda: c.input_layer(features, c.indicator_column(c.categorical_column_with_identity("id", 2))))}
