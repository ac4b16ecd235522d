"""Event files: what tf.summary.FileWriter writes, as tf.train.summary_iterator reads it."""

import os

import numpy as np
from said import own_folder


def _events(tf, folder):
  """Every event of every file in a folder, without its time."""
  found = []
  for name in sorted(os.listdir(folder)):
    for event in tf.train.summary_iterator(os.path.join(folder, name)):
      event.wall_time = 0
      for value in event.summary.value:
        # Pixels can be packed in many ways; record_formats.py has them unpacked.
        if value.HasField("image"):
          value.image.encoded_image_string = value.image.encoded_image_string[:8]
      found.append(str(event).split("\n"))
  return found


def _failure(function):
  try:
    return function()
  except Exception as error:
    return "%s: %s" % (type(error).__name__, error)


def summaries(tf):
  with own_folder(), tf.Session() as session:
    x = tf.placeholder(tf.float32, [None], name="x")
    with tf.name_scope("train"):
      tf.summary.scalar("loss", tf.reduce_sum(x))
    tf.summary.histogram("x", x)
    tf.summary.text("note", tf.constant(["a", "b"]))
    tf.summary.image("picture", tf.reshape(tf.range(12, dtype=tf.float32), [1, 2, 2, 3]))
    merged = tf.summary.merge_all()
    writer = tf.summary.FileWriter("log", filename_suffix=".end")
    for step in range(3):
      made = session.run(merged, {x: np.linspace(-step, step + 1, 7)})
      writer.add_summary(made, step)
    writer.close()
    names = sorted(os.listdir("log"))
    return {
      "events": _events(tf, "log"),
      "files": [name.split(".")[:3] + [name.split(".")[-1]] for name in names]}


def graphs(tf):
  with own_folder():
    with tf.variable_scope("net"):
      w = tf.get_variable("w", [2, 3], initializer=tf.zeros_initializer())
    tf.matmul(w, w, transpose_b=True, name="square")
    with tf.summary.FileWriter("log", tf.get_default_graph()) as writer:
      where = writer.get_logdir()
    kinds = []
    for event in tf.train.summary_iterator(os.path.join("log", os.listdir("log")[0])):
      kind = event.WhichOneof("what")
      message = None
      if kind == "graph_def":
        message = tf.GraphDef.FromString(event.graph_def)
      elif kind == "meta_graph_def":
        message = tf.MetaGraphDef.FromString(event.meta_graph_def).graph_def
      text = str(message).split("\n") if message else getattr(event, kind)
      kinds.append([kind, event.step, text])
    return {"events": kinds, "where": where}


def other_events(tf):
  with own_folder():
    writer = tf.summary.FileWriter("log")
    writer.add_session_log(tf.SessionLog(status=tf.SessionLog.START), 1)
    writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="t", simple_value=2.5)]), 7)
    writer.add_event(tf.Event(step=9, file_version="x"))
    writer.add_run_metadata(tf.RunMetadata(), "run", 3)
    twice = _failure(lambda: writer.add_run_metadata(tf.RunMetadata(), "run", 3))
    wrong = _failure(lambda: writer.add_graph(3))
    both = _failure(lambda: writer.add_graph(
        tf.get_default_graph(), graph_def=tf.get_default_graph()))
    meta = _failure(lambda: writer.add_meta_graph(tf.GraphDef())).split("<")[0]
    writer.flush()
    writer.close()
    return {
      "events": _events(tf, "log"), "twice": twice, "wrong": wrong, "both": both,
      "meta": meta}


def after_closing(tf):
  with own_folder():
    writer = tf.summary.FileWriter("log")
    writer.close()
    writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="lost", simple_value=1)]))
    writer.reopen()
    writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="kept", simple_value=2)]))
    writer.close()
    writer.close()
    kept = [line for event in _events(tf, "log") for line in event if "tag" in line]
    return {"kept": kept}


def cache(tf):
  with own_folder():
    cached = tf.summary.FileWriterCache
    one, other = cached.get("log"), cached.get("log")
    same = one is other
    cached.clear()
    return {"same": same, "anew": cached.get("log") is one, "again": cached.clear()}
