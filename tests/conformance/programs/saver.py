"""tf.train.Saver: its operations, its files byte by byte, what it refuses."""

import contextlib
import hashlib
import os
import re
import shutil
import tempfile

import numpy as np


class _Folder(object):
  """A temporary folder whose path reads as $DIR in what is kept."""

  def __init__(self):
    self.path = tempfile.mkdtemp()

  def __call__(self, *names):
    return "/".join((self.path,) + names)

  def shown(self, value):
    if isinstance(value, bytes):
      return self.shown(value.decode("latin-1"))
    if isinstance(value, str):
      if self.path != ".":
        value = value.replace(self.path, "$DIR")
      value = re.sub(r"\.tmp[0-9a-f]{32}", "", value)
      value = re.sub(r"<class '[\w.]+\.(\w+)'>", r"<class \1>", value)
      return value.split("\n\nOriginal stack trace")[0]
    if isinstance(value, (list, tuple)):
      return [self.shown(item) for item in value]
    if isinstance(value, dict):
      return {key: self.shown(item) for key, item in value.items()}
    return value

  def files(self, suffixes=(".index", ".data-00000-of-00001")):
    """Name -> checksum of the files with values; of the others the name alone."""
    found = {}
    for folder, _, names in os.walk(self.path):
      for name in names:
        path = os.path.join(folder, name)
        with open(path, "rb") as f:
          data = f.read()
        is_values = ".index" in name or ".data-" in name
        digest = hashlib.sha256(data).hexdigest() if is_values else ""
        found[os.path.relpath(path, self.path).replace(os.sep, "/")] = digest
    return found


@contextlib.contextmanager
def _folder():
  folder = _Folder()
  try:
    yield folder
  finally:
    shutil.rmtree(folder.path)


@contextlib.contextmanager
def _inside_folder():
  """A temporary folder that is the current one: paths in the graph are relative."""
  before = os.getcwd()
  with _folder() as folder:
    os.chdir(folder.path)
    try:
      folder.path = "."
      yield folder
    finally:
      folder.path = os.getcwd()
      os.chdir(before)


@contextlib.contextmanager
def _same_uuid():
  import uuid

  real = uuid.uuid4
  uuid.uuid4 = lambda: uuid.UUID(int=7)
  try:
    yield
  finally:
    uuid.uuid4 = real


def _failure(folder, function):
  try:
    return folder.shown(function())
  except Exception as error:
    text = folder.shown(str(error))
    lines = [line for line in text.split("\n") if not line.startswith("\t [[")]
    return "%s: %s" % (type(error).__name__, "\n".join(lines).rstrip())


def _two(tf):
  a = tf.get_variable("a", [2, 3], initializer=tf.constant_initializer(1.5))
  b = tf.Variable([7, 8], name="b")
  return a, b


def _save_and_look(tf, saver, **kwargs):
  """Saves, sets everything to zero, restores; the files and the values."""
  variables = tf.global_variables()
  zeros = [tf.assign(v, tf.zeros_like(v)) for v in variables]
  with _folder() as folder, tf.Session() as session:
    session.run(tf.global_variables_initializer())
    before = session.run(variables)
    path = saver.save(session, folder("m"), write_meta_graph=False, **kwargs)
    session.run(zeros)
    saver.restore(session, path)
    after = session.run(variables)
    with open(folder("checkpoint")) as f:
      state = folder.shown(f.read())
    reader = tf.train.NewCheckpointReader(path) if "?" not in path else None
    return {
      "path": folder.shown(path), "files": folder.files(), "state": state,
      "values": [np.asarray(v) for v in after],
      "same": [bool(np.all(x == y)) for x, y in zip(before, after)],
      "listed": reader and reader.debug_string(),
      "shapes": reader and list(reader.get_variable_to_shape_map().items()),
      "types": reader and [str(t) for t in reader.get_variable_to_dtype_map().values()],
      "def": str(saver.as_saver_def()), "last": folder.shown(saver.last_checkpoints),
    }


def plain(tf):
  _two(tf)
  return _save_and_look(tf, tf.train.Saver())


def with_step(tf):
  _two(tf)
  return _save_and_look(tf, tf.train.Saver(pad_step_number=True), global_step=12)


def with_step_variable(tf):
  _two(tf)
  step = tf.train.get_or_create_global_step()
  return _save_and_look(tf, tf.train.Saver(), global_step=step)


def of_a_list(tf):
  a, b = _two(tf)
  tf.train.Saver([b])
  return _save_and_look(tf, tf.train.Saver([b, a], name="both"))


def of_a_dict(tf):
  a, b = _two(tf)
  return _save_and_look(tf, tf.train.Saver({"z/a": a, "b_too": b}))


def of_tensors(tf):
  a, b = _two(tf)
  return _save_and_look(tf, tf.train.Saver({"x": a._ref(), "y": b.op.outputs[0]}))


def with_reshape(tf):
  a, b = _two(tf)
  tf.get_variable("unknown", initializer=tf.zeros([2]), validate_shape=False)
  return _save_and_look(tf, tf.train.Saver(reshape=True))


def one_after_the_other(tf):
  _two(tf)
  return _save_and_look(tf, tf.train.Saver(restore_sequentially=True, max_to_keep=0))


def of_resources(tf):
  tf.get_variable("r", [2], use_resource=True, initializer=tf.ones_initializer())
  tf.get_variable("a", [3], initializer=tf.ones_initializer())
  return _save_and_look(tf, tf.train.Saver())


def of_resources_with_reshape(tf):
  tf.get_variable("r", [2], use_resource=True, initializer=tf.ones_initializer())
  return _save_and_look(tf, tf.train.Saver(reshape=True))


def of_parts(tf):
  with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(3)):
    tf.get_variable("w", [7, 2], initializer=tf.constant_initializer(np.arange(14)))
  with tf.variable_scope("q", partitioner=tf.fixed_size_partitioner(2, axis=1)):
    tf.get_variable("w", [2, 5], initializer=tf.ones_initializer())
  return _save_and_look(tf, tf.train.Saver())


def of_a_partitioned_variable(tf):
  with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(2)):
    w = tf.get_variable("w", [4, 2], initializer=tf.ones_initializer())
  return _save_and_look(tf, tf.train.Saver({"renamed": w}))


def of_resource_parts(tf):
  with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(2)):
    tf.get_variable("w", [4, 2], initializer=tf.ones_initializer(), use_resource=True)
  return _save_and_look(tf, tf.train.Saver())


def every_type(tf):
  for name in ("float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8",
               "uint16", "bool", "complex64", "complex128", "string"):
    value = np.array([[1, 0, 3]]).astype(object if name == "string" else name)
    if name == "string":
      value = np.array([[b"one", b"", b"\x00\xff"]], object)
    tf.Variable(tf.constant(value, dtype=name), name=name)
  tf.Variable(tf.zeros([0, 4]), name="nothing")
  tf.Variable(3.0, name="scalar")
  saver = tf.train.Saver()
  variables = tf.global_variables()
  with _folder() as folder, tf.Session() as session:
    session.run(tf.global_variables_initializer())
    path = saver.save(session, folder("m"), write_meta_graph=False)
    with tf.Session() as other:
      saver.restore(other, path)
      values = other.run(variables)
    return {"files": folder.files(), "values": values,
            "listed": tf.train.NewCheckpointReader(path).debug_string()}


def sharded(tf):
  with tf.device("/cpu:0"):
    a = tf.get_variable("a", [2], initializer=tf.ones_initializer())
  b = tf.get_variable("b", [3], initializer=tf.ones_initializer())
  with _same_uuid():
    return _save_and_look(tf, tf.train.Saver(sharded=True))


def sharded_parts(tf):
  parts = []
  def device(op):
    return "/cpu:0" if "part_1" in op.name else ""
  with tf.device(device):
    with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(3)):
      tf.get_variable("w", [7, 2], initializer=tf.ones_initializer())
  with _same_uuid():
    return _save_and_look(tf, tf.train.Saver(sharded=True))


def sharded_on_other_devices(tf):
  with tf.device("/job:ps/task:1/gpu:3"):
    tf.get_variable("a", [2])
    tf.get_variable("r", [2], use_resource=True)
  with tf.device("/job:ps/task:0"):
    tf.get_variable("b", [2])
  with _same_uuid():
    return {"def": str(tf.train.Saver(sharded=True, reshape=True).as_saver_def())}


def old_format(tf):
  _two(tf)
  found = _save_and_look(tf, tf.train.Saver(write_version=tf.train.SaverDef.V1))
  found["files"] = sorted(found["files"])
  return found


def old_format_in_parts(tf):
  with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(3)):
    tf.get_variable("w", [7, 2], initializer=tf.ones_initializer())
  found = _save_and_look(tf, tf.train.Saver(write_version=tf.train.SaverDef.V1))
  found["files"] = sorted(found["files"])
  return found


def old_format_sharded(tf):
  with tf.device("/cpu:0"):
    tf.get_variable("a", [2], initializer=tf.ones_initializer())
  tf.get_variable("b", [3], initializer=tf.ones_initializer())
  saver = tf.train.Saver(write_version=tf.train.SaverDef.V1, sharded=True)
  with _folder() as folder, tf.Session() as session:
    session.run(tf.global_variables_initializer())
    path = saver.save(session, folder("m"), write_meta_graph=False)
    found = {"path": folder.shown(path), "files": sorted(folder.files())}
    with tf.Session() as other:
      saver.restore(other, path)
      found["values"] = other.run(tf.global_variables())
    return found




def inside_scopes(tf):
  with tf.variable_scope("net"):
    _two(tf)
    with tf.name_scope("inner"), tf.device("/gpu:0"):
      saver = tf.train.Saver()
    tf.train.Saver(name="")
  tf.train.Saver(name="net/")
  return {"def": str(saver.as_saver_def())}


def late_build(tf):
  saver = tf.train.Saver(defer_build=True)
  _two(tf)
  with _folder() as folder, tf.Session() as session:
    early = _failure(folder, lambda: saver.save(session, folder("m")))
    saver.build()
    saver.build()
    return {"early": early, "def": str(saver.as_saver_def())}


def nothing_to_save(tf):
  empty = tf.train.Saver(allow_empty=True)
  with _folder() as folder, tf.Session() as session:
    return {"path": empty.save(session, folder("m"), write_meta_graph=False),
            "restored": empty.restore(session, folder("m")),
            "files": folder.files(), "def": empty.as_saver_def()}


def refused_lists(tf):
  a, b = _two(tf)
  with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(2)):
    p = tf.get_variable("w", [4, 2])
    q = tf.get_variable("v", [4, 2])
  c = tf.constant(1.0)
  parts = list(p)
  clash = tf.Variable(1.0, name="p/w")
  with _folder() as folder:
    return {
      label: _failure(folder, lambda given=given: tf.train.Saver(given))
      for label, given in {
        "twice": [a, a], "two keys": {"x": a, "y": a}, "constant": [a, c],
        "constant in dict": {"x": c}, "number": 3, "text": "a", "numbers": {1: a},
        "none": [], "mixed parts": {"w": parts[:1] + list(q)[:1]},
        "part and tensor": {"w": [parts[0], c]}, "not a part": {"w": [parts[0], a]},
        "whole and part": [p, parts[0]], "whole twice": [p, p], "clash": [clash] + parts,
        "list of a number": [3], "read": [a.value()], "initial": {"a": a.initial_value},
      }.items()
    }


def refused_restores(tf):
  a, b = _two(tf)
  saver = tf.train.Saver()
  with _folder() as folder, tf.Session() as session:
    session.run(tf.global_variables_initializer())
    path = saver.save(session, folder("m"), global_step=3)
    found = {
      name: _failure(folder, lambda name=name: saver.restore(session, folder(name)))
      for name in ("m", "m-3", "m-3.index", "m-3.meta", "m-3.data-00000-of-00001", "m-4",
                   "checkpoint", "none/m")
    }
    found["folder"] = _failure(folder, lambda: saver.restore(session, folder.path))
    found["None"] = _failure(folder, lambda: saver.restore(session, None))
    found["number"] = _failure(folder, lambda: saver.restore(session, 3))
    found["bytes"] = _failure(folder, lambda: saver.restore(session, path.encode()))
    with tf.Graph().as_default(), tf.Session() as other:
      tf.get_variable("a", [2, 4])
      found["shape"] = _failure(folder, lambda: tf.train.Saver().restore(other, path))
      tf.get_variable("q", [2, 3])
      tf.get_variable("p", [2, 3])
      found["keys"] = _failure(folder, lambda: tf.train.Saver().restore(other, path))
    with tf.Graph().as_default(), tf.Session() as other:
      tf.get_variable("a", [2, 3], tf.float64)
      tf.get_variable("b", [2], tf.float16)
      found["types"] = _failure(folder, lambda: tf.train.Saver().restore(other, path))
    with tf.Graph().as_default(), tf.Session() as other:
      r = tf.get_variable("a", [2, 4], use_resource=True)
      found["resource"] = _failure(folder, lambda: tf.train.Saver().restore(other, path))
      found["resource shape"] = list(other.run(r).shape)
    with tf.Graph().as_default(), tf.Session() as other:
      r = tf.get_variable("a", [3, 2])
      tf.train.Saver(reshape=True).restore(other, path)
      found["reshaped"] = other.run(r)
    with tf.Graph().as_default(), tf.Session() as other:
      with tf.variable_scope("", partitioner=tf.fixed_size_partitioner(2)):
        tf.get_variable("a", [2, 3])
        tf.get_variable("b", [4], tf.int32)
      found["parts"] = _failure(folder, lambda: tf.train.Saver().restore(other, path))
      a = [v for v in tf.global_variables() if v.op.name.startswith("a")]
      found["parts of a"] = _failure(folder, lambda: tf.train.Saver(a).restore(other, path))
      found["values of a"] = other.run(a)
    return found


def refused_saves(tf):
  a, b = _two(tf)
  saver = tf.train.Saver()
  with _folder() as folder, tf.Session() as session:
    found = {"no value": _failure(folder, lambda: saver.save(session, folder("m")))}
    session.run(a.initializer)
    found["half"] = _failure(folder, lambda: saver.save(session, folder("m")))
    session.run(tf.global_variables_initializer())
    with open(folder("file"), "w") as f:
      f.write("x")
    for label, arguments in {
      "two folders": (session, folder("no", "such", "m")),
      "a folder": (session, folder("new", "m")),
      "in a file": (session, folder("file", "m")),
      "no session": (None, folder("m")),
      "a number": (session, 3),
      "latest": (session, folder("m"), None, "a/b"),
      "collides": (session, folder("m"), None, "m"),
      "checkpoint": (session, folder("checkpoint")),
      "checkpoint with step": (session, folder("checkpoint"), 2),
      "text step": (session, folder("m"), "nope"),
      "long step": (session, folder("m"), np.int64(5)),
      "other latest": (session, folder("m"), None, "latest"),
      "other suffix": (session, folder("m"), 7, None, "graph"),
    }.items():
      found[label] = _failure(folder, lambda arguments=arguments: saver.save(*arguments))
    found["files"] = sorted(
        name for name in folder.files() if "tempstate" not in name and ".tmp" not in name)
    session.close()
    found["closed"] = _failure(folder, lambda: saver.save(session, folder("m")))
    return found


def keeping(tf):
  _two(tf)
  found = {}
  for label, settings in {
    "three": {"max_to_keep": 3}, "all": {"max_to_keep": 0}, "none": {"max_to_keep": None},
    "one": {"max_to_keep": 1}, "hours": {"max_to_keep": 1, "keep_checkpoint_every_n_hours": 0},
    "relative": {"max_to_keep": 2, "save_relative_paths": True},
  }.items():
    saver = tf.train.Saver(**settings)
    with _folder() as folder, tf.Session() as session:
      session.run(tf.global_variables_initializer())
      for step in (1, 2, 3, 3, 4):
        saver.save(session, folder("m"), global_step=step)
      with open(folder("checkpoint")) as f:
        state = folder.shown(f.read())
      found[label] = {"files": sorted(folder.files()), "state": state,
                      "last": folder.shown(saver.last_checkpoints)}
  return found


def last_checkpoints(tf):
  _two(tf)
  saver = tf.train.Saver(max_to_keep=2)
  with _folder() as folder, tf.Session() as session:
    session.run(tf.global_variables_initializer())
    for step in (1, 2):
      saver.save(session, folder("m"), global_step=step)
    other = tf.train.Saver(max_to_keep=2)
    other.recover_last_checkpoints([folder("m-1"), folder("gone"), folder("m-2")])
    found = {"recovered": folder.shown(other.last_checkpoints)}
    other.save(session, folder("m"), global_step=3)
    found["then"] = folder.shown(other.last_checkpoints)
    found["files"] = sorted(folder.files())
    other.set_last_checkpoints([folder("x")])
    found["set"] = folder.shown(other.last_checkpoints)
    other.set_last_checkpoints_with_time([(folder("y"), 1.0)])
    found["with time"] = folder.shown(other.last_checkpoints)
    found["latest"] = folder.shown(tf.train.latest_checkpoint(folder.path))
    found["nothing"] = tf.train.latest_checkpoint(folder("none"))
    state = tf.train.get_checkpoint_state(folder.path)
    found["state"] = folder.shown(str(state))
    found["type"] = type(state).__name__
    return found


def checkpoint_functions(tf):
  _two(tf)
  with _folder() as folder, tf.Session() as session:
    session.run(tf.global_variables_initializer())
    path = tf.train.Saver().save(session, folder("m"), global_step=1)
    train = tf.train
    found = {
      label: _failure(folder, function) for label, function in {
        "list": lambda: train.list_variables(path),
        "list folder": lambda: train.list_variables(folder.path),
        "list none": lambda: train.list_variables(folder("none")),
        "list nowhere": lambda: train.list_variables(folder("none", "m")),
        "load": lambda: train.load_variable(path, "b").tolist(),
        "load :0": lambda: train.load_variable(path, "b:0").tolist(),
        "load none": lambda: train.load_variable(path, "zz"),
        "exists": lambda: train.checkpoint_exists(path),
        "exists not": lambda: train.checkpoint_exists(folder("m")),
        "exists nowhere": lambda: train.checkpoint_exists(folder("none", "m")),
        "mtimes": lambda: len(train.get_checkpoint_mtimes([path, folder("none")])),
        "reader of index": lambda: train.NewCheckpointReader(
            path + ".index").get_variable_to_shape_map(),
        "reader of data": lambda: train.NewCheckpointReader(path + ".data-00000-of-00001"),
        "reader of None": lambda: train.NewCheckpointReader(None),
        "load checkpoint None": lambda: train.load_checkpoint(None),
        "has": lambda: [train.load_checkpoint(path).has_tensor(n) for n in ("a", "zz")],
        "state": lambda: str(train.generate_checkpoint_state_proto(
            "d", "d/m", ["d/k", "/x/k"], [1.0, 2.0, 3.5], 9.0)),
        "state times": lambda: str(train.generate_checkpoint_state_proto(
            "d", "d/m", ["d/k"], [1.0])),
        "update": lambda: train.update_checkpoint_state(
            folder.path, folder("q"), [folder("p")], "other"),
        "updated": lambda: open(folder("other")).read(),
        "update clash": lambda: train.update_checkpoint_state(
            folder.path, folder("checkpoint")),
        "update nowhere": lambda: train.update_checkpoint_state(folder("none"), "q"),
        "latest gone": lambda: train.latest_checkpoint(folder.path, "other"),
        "remove": lambda: train.remove_checkpoint(path),
        "removed": lambda: sorted(folder.files()),
      }.items()
    }
    with open(folder("checkpoint"), "w") as f:
      f.write("model_checkpoint_path: ")
    found["half a state"] = tf.train.get_checkpoint_state(folder.path)
    with open(folder("checkpoint"), "w") as f:
      f.write("")
    found["no state"] = _failure(folder, lambda: train.get_checkpoint_state(folder.path))
    return found


def init_from_checkpoint(tf):
  with _inside_folder() as folder:
    with tf.Graph().as_default(), tf.Session() as session:
      with tf.variable_scope("old"):
        tf.get_variable("w", [2], initializer=tf.constant_initializer(7.0))
        tf.get_variable("b", [4, 1], initializer=tf.constant_initializer(np.arange(4)))
        tf.get_variable("t", [4, 1], initializer=tf.constant_initializer(np.arange(4)))
      session.run(tf.global_variables_initializer())
      path = tf.train.Saver().save(session, folder("m"))
    with tf.variable_scope("new"):
      w = tf.get_variable("w", [2])
      b = tf.get_variable("b", [4, 1], use_resource=True)
      with tf.variable_scope("deep", partitioner=tf.fixed_size_partitioner(2)):
        parts = tf.get_variable("t", [4, 1])
      extra = tf.get_variable("extra", [1])
    train = tf.train
    found = {
      label: _failure(folder, lambda given=given: train.init_from_checkpoint(path, given))
      for label, given in {
        "no slash": {"old": "new"}, "missing": {"old/": "new/"}, "unknown": {"old/w": "zz/w"},
        "not there": {"zz": "new/w"}, "shape": {"old/w": extra}, "root": {"/": "new/"},
        "type": {"old/w": 3},
      }.items()
    }
    train.init_from_checkpoint(path, {
        "old/w": "new/w", "old/b": b, "old/t": list(parts), "old/": "new/deep/"})
    with tf.Session() as session:
      session.run(tf.global_variables_initializer())
      found["values"] = session.run([w, b, list(parts)])
    found["initial"] = [w.initial_value.name, b.initial_value.name, w.initializer.name]
    return found


def warm_start(tf):
  with _inside_folder() as folder:
    with tf.Graph().as_default(), tf.Session() as session:
      for name in ("a", "b", "c"):
        tf.get_variable(name, [2], initializer=tf.constant_initializer(7.0))
      session.run(tf.global_variables_initializer())
      path = tf.train.Saver().save(session, folder("m"))
    a = tf.get_variable("a", [2])
    b = tf.get_variable("b", [2], trainable=False)
    d = tf.get_variable("d", [2])
    train = tf.train
    found = {
      label: _failure(folder, lambda given=given: train.warm_start(path, **given))
      for label, given in {
        "missing": {}, "some": {"vars_to_warm_start": "a"},
        "listed": {"vars_to_warm_start": ["b"]}, "given": {"vars_to_warm_start": [a, b]},
        "mixed": {"vars_to_warm_start": [a, "b"]}, "number": {"vars_to_warm_start": 3},
        "unused": {"vars_to_warm_start": "a", "var_name_to_prev_var_name": {"q": "a"}},
        "renamed": {"vars_to_warm_start": "d", "var_name_to_prev_var_name": {"d": "c"}},
      }.items()
    }
    with tf.Session() as session:
      session.run(tf.global_variables_initializer())
      found["values"] = session.run([a, b, d])
    return found


def files_as_tensors(tf):
  with _inside_folder() as folder:
    found = {}
    with tf.Session() as session:
      session.run(tf.write_file(folder("x", "y", "one.txt"), "some text"))
      session.run(tf.write_file(folder("two.txt"), b"\x00\xff"))
      found["read"] = session.run(tf.read_file(folder("two.txt")))
      found["missing"] = _failure(
          folder, lambda: session.run(tf.read_file(folder("none"))))
      found["matching"] = folder.shown(
          session.run(tf.matching_files(folder("*.txt"))).tolist())
      found["several"] = folder.shown(
          session.run(tf.matching_files([folder("x/*/*"), folder("tw?.txt")])).tolist())
    return {"kept": found["matching"], "read": found["read"], "several": found["several"],
            "missing": found["missing"]}
