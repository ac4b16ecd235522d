"""Texts and records as tensors: parts of texts, Examples, CSV lines, raw bytes."""

import numpy as np
from said import tries_run


def texts(tf):
  s = tf.constant(["hello", "a b  c", ""])
  return {"found": tries_run(
      tf,
      lambda: tf.substr(s, [1, 0, 0], [3, 2, 1]), lambda: tf.strings.substr("hello", -3, 2), lambda: tf.strings.substr("hi", 5, 1),
      lambda: tf.strings.length(s), lambda: tf.strings.length(tf.constant(u"h\u00e9".encode("utf-8")), unit="UTF8_CHAR"),
      lambda: tf.string_split(s), lambda: tf.string_split(s, ""), lambda: tf.string_split(["a,b;c"], ",;", skip_empty=False),
      lambda: tf.strings.split(s), lambda: tf.strings.split(["a,b,c"], ",", maxsplit=1),
      lambda: tf.regex_replace(s, "[aeiou]", "x"), lambda: tf.regex_replace(s, tf.constant("l"), "L", replace_global=False),
      lambda: tf.string_strip([" a ", "b"]), lambda: tf.strings.lower(["AbC"]), lambda: tf.strings.upper(["AbC"]),
      lambda: tf.string_to_number(["1.5", "-2"]), lambda: tf.string_to_number(["7"], tf.int64), lambda: tf.string_to_number(["x"]),
      lambda: tf.as_string([1, 2]), lambda: tf.as_string([1.5, 2.25]), lambda: tf.as_string([3.14159], precision=2),
      lambda: tf.as_string([True, False]), lambda: tf.as_string([5], width=4, fill="0"), lambda: tf.as_string([1234.5], scientific=True),
      lambda: tf.reduce_join([["a", "b"], ["c", "d"]], 0), lambda: tf.reduce_join([["a", "b"], ["c", "d"]], [0, 1], separator="-"),
      lambda: tf.reduce_join([["a", "b"], ["c", "d"]]), lambda: tf.reduce_join([["a", "b"]], axis=1, keep_dims=True))}


def raw(tf):
  data = np.array([1, 2, 258], np.int16).tobytes()
  p = tf.placeholder(tf.string)
  return {"found": tries_run(
      tf,
      lambda: tf.decode_raw(data, tf.uint8), lambda: tf.decode_raw([data, data], tf.int16),
      lambda: tf.decode_raw(data, tf.int16, little_endian=False), lambda: tf.decode_raw(b"abc", tf.int16),
      lambda: tf.decode_raw([b"ab", b"abc"], tf.uint8), lambda: tf.decode_raw(data)),
          "shapes": [str(tf.decode_raw(p, tf.uint8).shape), str(tf.decode_raw(["a"], tf.uint8).shape)]}


def csv(tf):
  lines = ["1,2.5,abc", "4,,x"]
  return {"found": tries_run(
      tf,
      lambda: tf.decode_csv(lines, [[0], [1.0], [""]]), lambda: tf.decode_csv("5;6", [[0], [0]], field_delim=";"),
      lambda: tf.decode_csv(lines, [tf.constant([], tf.int32), tf.constant([], tf.float32), [""]]),
      lambda: tf.decode_csv(['"a,b",2', '"q ""x""",3'], [[""], [0]]), lambda: tf.decode_csv(["1,2"], [[0]]),
      lambda: tf.decode_csv(["x"], [[0]]), lambda: tf.decode_csv(['a"b'], [[""]]), lambda: tf.decode_csv(['"ab"c'], [[""]]),
      lambda: tf.decode_csv(["1,2,3"], [[0], [0]], select_cols=[0, 2]), lambda: tf.decode_csv(["NA,2"], [[7], [0]], na_value="NA"),
      lambda: tf.decode_csv(["1,2"], [[0], [0]], select_cols=[1, 0]), lambda: tf.decode_csv(["1,2"], [[0]], select_cols=[0, 1]),
      lambda: tf.decode_csv(["1,"], [[0], [9]]))}


def _feature(tf, value):
  if isinstance(value[0], bytes):
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=value))
  if isinstance(value[0], float):
    return tf.train.Feature(float_list=tf.train.FloatList(value=value))
  return tf.train.Feature(int64_list=tf.train.Int64List(value=value))


def _example(tf, **features):
  """The bytes of an Example, with its features in the order of their keys."""
  parts = [tf.train.Features(feature={key: _feature(tf, features[key])}).SerializeToString() for key in sorted(features)]
  body = b"".join(parts)
  assert len(body) < 128
  return b"\x0a" + bytes(bytearray([len(body)])) + body


def single(tf):
  one = _example(tf, label=[3], image=[b"\x00\x01"], scores=[0.5, 1.5], words=[b"a", b"b", b"c"])
  parsed = tf.parse_single_example(one, features={
      "label": tf.FixedLenFeature([], tf.int64), "image": tf.FixedLenFeature((), tf.string, default_value=""),
      "scores": tf.FixedLenFeature([2], tf.float32), "words": tf.VarLenFeature(tf.string),
      "more": tf.FixedLenFeature([2], tf.int64, default_value=[7, 8]),
      "rest": tf.FixedLenSequenceFeature([], tf.float32, allow_missing=True)})
  dense = tf.sparse_tensor_to_dense(parsed["words"], default_value="")
  found = {k: v for k, v in parsed.items()}
  found["dense"] = dense
  found["pixels"] = tf.decode_raw(parsed["image"], tf.uint8)
  return found


def many(tf):
  data = [_example(tf, n=[1, 2], w=[b"x"]), _example(tf, n=[3], w=[b"y", b"z"], f=[2.0])]
  parsed = tf.parse_example(data, {
      "n": tf.VarLenFeature(tf.int64), "f": tf.FixedLenFeature([1], tf.float32, default_value=[-1.0]),
      "w": tf.FixedLenSequenceFeature([], tf.string, allow_missing=True, default_value="-")}, name="p")
  named = tf.parse_example(tf.placeholder(tf.string, [None]), {"n": tf.FixedLenFeature([2], tf.int64)}, example_names=["one"])
  parsed["named"] = str(named["n"].shape)
  return parsed


def in_a_dataset(tf):
  data = [_example(tf, x=[1.0, 2.0], y=[0]), _example(tf, x=[3.0, 4.0], y=[1])]

  def parse(record):
    found = tf.parse_single_example(record, {"x": tf.FixedLenFeature([2], tf.float32), "y": tf.FixedLenFeature([], tf.int64)})
    return found["x"], found["y"]

  x, y = tf.data.Dataset.from_tensor_slices(data).map(parse).batch(2).make_one_shot_iterator().get_next()
  return {"x": x, "y": y}


def refused(tf):
  one = _example(tf, label=[3, 4])
  return {"found": tries_run(
      tf,
      lambda: tf.parse_single_example(one, {"label": tf.FixedLenFeature([], tf.int64)}),
      lambda: tf.parse_single_example(one, {"label": tf.FixedLenFeature([2], tf.float32)}),
      lambda: tf.parse_single_example(one, {"other": tf.FixedLenFeature([2], tf.int64)}),
      lambda: tf.parse_single_example(b"nonsense", {"label": tf.FixedLenFeature([2], tf.int64)}),
      lambda: tf.parse_single_example(one, {}), lambda: tf.parse_single_example(one, {"a": 3}),
      lambda: tf.parse_single_example(one, {"a": tf.FixedLenFeature([None], tf.int64)}),
      lambda: tf.parse_single_example(one, {"a": tf.FixedLenFeature([2, None], tf.int64)}),
      lambda: tf.parse_single_example(one, {"a": tf.FixedLenFeature(None, tf.int64)}),
      lambda: tf.parse_single_example(one, {"a": tf.VarLenFeature(None)}),
      lambda: tf.parse_single_example(one, {"a": tf.FixedLenSequenceFeature([], tf.int64)}),
      lambda: tf.parse_example([one], {"label": tf.FixedLenFeature([], tf.int64)}, example_names=["me"]))}


def _sequence(tf, context, lists):
  """The bytes of a SequenceExample: messages of one feature each, in the order of the keys."""
  parts = [tf.train.SequenceExample(context=tf.train.Features(feature={key: _feature(tf, context[key])})) for key in sorted(context)]
  for key in sorted(lists):
    rows = tf.train.FeatureList(feature=[_feature(tf, row) for row in lists[key]])
    parts.append(tf.train.SequenceExample(feature_lists=tf.train.FeatureLists(feature_list={key: rows})))
  return b"".join(part.SerializeToString() for part in parts)


_CONTEXT = {"len": [3], "tags": [b"a", b"b"]}


def _parsed_sequence(tf, record):
  return tf.parse_single_sequence_example(
      record,
      {"len": tf.FixedLenFeature([], tf.int64), "tags": tf.VarLenFeature(tf.string),
       "d": tf.FixedLenFeature([2], tf.float32, [1.0, 2.0])},
      {"toks": tf.FixedLenSequenceFeature([], tf.int64), "some": tf.VarLenFeature(tf.int64),
       "vec": tf.FixedLenSequenceFeature([2], tf.float32, allow_missing=True)}, example_name="me")


def sequence(tf):
  record = _sequence(tf, _CONTEXT, {"toks": [[1], [2], [3]], "vec": [[1.0, 2.0], [3.0, 4.0]], "some": [[1, 2], [3]]})
  context, lists = _parsed_sequence(tf, tf.constant(record))
  parsed = {"len": context["len"], "d": context["d"], "tags": context["tags"].values,
            "tag_places": context["tags"].indices, "toks": lists["toks"], "vec": lists["vec"],
            "some": lists["some"].values, "some_places": lists["some"].indices, "some_shape": lists["some"].dense_shape}
  parsed["shapes"] = [str(one.shape) for one in (context["d"], lists["toks"], lists["vec"])]
  return parsed


def sequence_of_little(tf):
  context, lists = _parsed_sequence(tf, tf.constant(_sequence(tf, {"len": [3]}, {"toks": []})))
  return {"tags": context["tags"].values, "toks": lists["toks"], "vec": lists["vec"], "some": lists["some"].dense_shape}


def refused_sequences(tf):
  toks, parse = {"toks": [[1]]}, tf.parse_single_sequence_example
  records = [
      b"nonsense", _sequence(tf, {"tags": [b"a"]}, toks), _sequence(tf, {"len": [3]}, {}),
      _sequence(tf, {"len": [3.0]}, toks), _sequence(tf, {"len": [3, 4]}, toks), _sequence(tf, {"len": [3], "tags": [1]}, toks),
      _sequence(tf, {"len": [3]}, {"toks": [[1], [2.0]]}), _sequence(tf, {"len": [3]}, {"toks": [[1], [2, 3]]}),
      _sequence(tf, {"len": [3]}, {"toks": [[1]], "some": [[1.0]]})]
  one = tf.placeholder(tf.string, [])
  return {"run": tries_run(tf, *[lambda record=record: _parsed_sequence(tf, tf.constant(record)) for record in records]),
          "made": tries_run(
              tf, lambda: parse(one), lambda: parse(one, {"a": 3}), lambda: parse(one, {"a": tf.FixedLenSequenceFeature([], tf.int64)}),
              lambda: parse(one, None, {"a": tf.FixedLenFeature([], tf.int64)}),
              lambda: parse(one, None, {"a": tf.FixedLenSequenceFeature(None, tf.int64)}),
              lambda: parse(one, None, {"a": tf.FixedLenSequenceFeature([], None)}),
              lambda: parse(one, None, {"a": tf.FixedLenSequenceFeature([], tf.int64, default_value=3)}),
              lambda: parse(one, {"a": tf.FixedLenFeature([None], tf.int64)}),
              lambda: parse([one, one], {"a": tf.FixedLenFeature([], tf.int64)}))}
