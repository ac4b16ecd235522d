"""Files that are damaged, cut short or in the old format; summaries that are refused."""

import os

import numpy as np
from said import own_folder


def _attempt(function):
  try:
    return function()
  except Exception as error:
    lines = str(error).split("\n\nOriginal stack")[0].split("\n")
    kept = [line for line in lines if line and not line.startswith("\t")]
    return "%s: %s" % (type(error).__name__, " | ".join(kept[:3]))


def _change(path, at, size=1):
  """Flips a byte, or cuts the file there."""
  with open(path, "rb") as f:
    raw = bytearray(f.read())
  if size:
    raw[at] ^= 0x55
  else:
    del raw[at:]
  with open(path, "wb") as f:
    f.write(bytes(raw))


def damaged(tf):
  found = {}
  with own_folder(), tf.Session() as session:
    w = tf.get_variable("w", [50], initializer=tf.ones_initializer())
    tf.get_variable("s", initializer=tf.constant(["a", "bc"]))
    session.run(tf.global_variables_initializer())
    saver = tf.train.Saver()
    data = "m.data-00000-of-00001"
    for case, path, at, size in (
        ("data", data, -3, 1), ("cut", data, 40, 0), ("index", "m.index", 3, 1),
        ("footer", "m.index", -1, 1), ("short", "m.index", 20, 0), ("none", data, 0, None)):
      saver.save(session, "m", write_meta_graph=False)
      if size is None:
        os.unlink(path)
      else:
        _change(path, at, size)
      found[case + " restore"] = _attempt(lambda: saver.restore(session, "m"))
      found[case + " reader"] = _attempt(
          lambda: sorted(tf.train.NewCheckpointReader("m").get_variable_to_shape_map()))
      found[case + " tensor"] = _attempt(
          lambda: tf.train.NewCheckpointReader("m").get_tensor("w")[:2].tolist())
  return found


def old_format(tf):
  found = {}
  with own_folder(), tf.Session() as session:
    w = tf.get_variable("w", [4, 2], initializer=tf.ones_initializer())
    tf.get_variable("p", [4, 2], partitioner=tf.fixed_size_partitioner(2),
                    initializer=tf.zeros_initializer())
    session.run(tf.global_variables_initializer())
    saver = tf.train.Saver(write_version=tf.train.SaverDef.V1)
    found["path"] = saver.save(session, "old", write_meta_graph=False)
    found["files"] = sorted(os.listdir("."))
    session.run(w.assign(w * 3))
    saver.restore(session, "old")
    found["restored"] = session.run(w)
    found["listed"] = tf.train.list_variables("old")
    found["no key"] = _attempt(
        lambda: tf.train.Saver({"zz": w}).restore(session, "old"))
    other = tf.get_variable("other", [3], initializer=tf.ones_initializer())
    found["shape"] = _attempt(lambda: tf.train.Saver({"w": other}).restore(session, "old"))
    kind = tf.get_variable("kind", [4, 2], tf.int32, initializer=tf.ones_initializer())
    found["type"] = _attempt(lambda: tf.train.Saver({"w": kind}).restore(session, "old"))
    _change("old", 60)
    found["damaged"] = _attempt(lambda: saver.restore(session, "old"))
    _change("old", 30, 0)
    found["cut"] = _attempt(lambda: saver.restore(session, "old"))
  return found


def slices(tf):
  found = {}
  with own_folder():
    with tf.Graph().as_default(), tf.Session() as session:
      tf.get_variable("p", [4, 3], partitioner=tf.fixed_size_partitioner(2),
                      initializer=tf.ones_initializer())
      session.run(tf.global_variables_initializer())
      tf.train.Saver(sharded=True).save(session, "m", write_meta_graph=False)
    for parts, rows in ((4, 4), (3, 4), (2, 5)):
      with tf.Graph().as_default(), tf.Session() as session:
        p = tf.get_variable("p", [rows, 3], partitioner=tf.fixed_size_partitioner(parts))
        key = "%d of %d" % (parts, rows)
        found[key] = _attempt(lambda: tf.train.Saver().restore(session, "m"))
        if found[key] is None:
          found[key] = session.run(tf.convert_to_tensor(p))
  return found


def files(tf):
  found = {}
  with own_folder(), tf.Session() as session:
    session.run(tf.write_file("d/a.txt", "text"))
    found["read"] = session.run(tf.read_file("d/a.txt"))
    found["matching"] = session.run(tf.matching_files(["d/*.txt", "none*"])).tolist()
    found["none"] = _attempt(lambda: session.run(tf.read_file("d/b.txt")))
    found["folder"] = _attempt(lambda: session.run(tf.write_file("d", "x")))
    found["rank"] = _attempt(lambda: tf.read_file(["a", "b"]))
  return found


def refused_summaries(tf):
  found = {}
  with tf.Session() as session:
    x = tf.placeholder(tf.float32, name="x")
    tags = tf.placeholder(tf.string, name="tags")
    histogram = tf.summary.histogram("h", x)
    for case, value in (("nan", [1.0, np.nan]), ("inf", [np.inf]), ("empty", [])):
      found[case] = _attempt(lambda: len(session.run(histogram, {x: value})) > 0)
    scalar = tf.summary.scalar("s", x)
    found["scalar"] = _attempt(lambda: session.run(scalar, {x: [1.0, 2.0]}))
    image = tf.summary.image("i", tf.placeholder_with_default(
        np.zeros([1, 2, 2, 2], np.float32), [1, 2, 2, 2]))
    found["colours"] = _attempt(lambda: session.run(image))
    found["image rank"] = _attempt(lambda: tf.summary.image("i", tf.zeros([2, 2])).name)
    sound = tf.constant(np.linspace(-1.5, 1.5, 8).reshape(1, 8, 1), tf.float32)
    made = tf.Summary.FromString(session.run(tf.summary.audio("a", sound, 8000.0)))
    audio = made.value[0].audio
    found["audio"] = [
      made.value[0].tag, audio.sample_rate, audio.num_channels, audio.length_frames,
      audio.content_type, audio.encoded_audio_string.hex()]
    merged = tf.summary.merge([
      tf.summary.scalar("m", 1.0), tf.summary.scalar("n", 2.0)])
    found["merged"] = [v.tag for v in tf.Summary.FromString(session.run(merged)).value]
    found["twice"] = _attempt(lambda: session.run(tf.summary.merge([scalar, scalar]), {x: 1}))
    found["nothing"] = tf.summary.merge_all("none")
    found["text type"] = _attempt(lambda: tf.summary.text("t", tf.constant(3)).name)
    found["names"] = [tf.summary.scalar("a b?", 1.0).op.name, _attempt(
        lambda: tf.summary.scalar("", 1.0).op.name)]
  return found


def waiting(tf):
  found = {}
  with own_folder(), tf.Session() as session:
    tf.get_variable("w", [2])
    session.run(tf.global_variables_initializer())
    found["nothing"] = list(tf.train.checkpoints_iterator(".", timeout=0))
    saver = tf.train.Saver()
    saver.save(session, "./m", global_step=1, write_meta_graph=False)
    seen = []
    for path in tf.train.checkpoints_iterator(".", timeout=0, timeout_fn=lambda: True):
      seen.append(path)
      if len(seen) < 3:
        saver.save(session, "./m", global_step=len(seen) + 1, write_meta_graph=False)
    found["seen"] = seen
  return found
