"""Supervisors, monitored sessions and hooks: what they add to graphs, log and write."""

import contextlib
import glob
import logging
import os
import re
import shutil
import tempfile
import time


@contextlib.contextmanager
def _log(tf, *folders):
  """The lines of the log, without folders, times, addresses and deprecations."""
  lines = []

  class _Keep(logging.Handler):
    def emit(self, record):
      text = record.getMessage()
      for folder in folders:
        text = text.replace(folder, "(folder)")
      if text.startswith("From "):
        return  # what is deprecated is said once in a process
      text = re.sub(r"sec: [0-9.e+-]+", "sec: *", text)
      text = re.sub(r"\([0-9.]+ sec\)", "(* sec)", text)
      lines.append("%s %s" % (record.levelname, re.sub(r" at 0x\w+", "", text)))

  logger, keep = tf.get_logger(), _Keep()
  level = logger.level
  logger.addHandler(keep)
  logger.setLevel(logging.INFO)
  others = [(h, h.level) for h in logger.handlers if h is not keep]
  for handler, _ in others:
    handler.setLevel(logging.CRITICAL + 1)
  try:
    yield lines
  finally:
    logger.removeHandler(keep)
    logger.setLevel(level)
    for handler, old in others:
      handler.setLevel(old)


@contextlib.contextmanager
def _folder(tf):
  folder = tempfile.mkdtemp()
  try:
    yield folder
  finally:
    tf.summary.FileWriterCache.clear()
    shutil.rmtree(folder)


def _tries(*makes):
  found = []
  for make in makes:
    try:
      found.append(str(make()))
    except Exception as error:
      text = str(error).split("\n")[0]
      text = re.sub(r"<[\w.]+ object at 0x\w+>", "<object>", text)
      found.append("%s: %s" % (type(error).__name__, text))
  return found


def _model(tf):
  """A model whose training waits until its loss and its step are read."""
  step = tf.train.get_or_create_global_step()
  w = tf.get_variable("w", [], initializer=tf.constant_initializer(4.0))
  local = tf.get_local_variable("seen", [], initializer=tf.zeros_initializer())
  seen = tf.assign_add(local, 1.0)
  loss = tf.square(w, name="loss")
  tf.summary.scalar("loss", loss)
  tf.train.StopAtStepHook(1).begin()
  with tf.control_dependencies([loss] + tf.get_collection("global_step_read_op_cache")):
    train = tf.train.GradientDescentOptimizer(0.25).minimize(loss, global_step=step)
  return step, w, loss, tf.group(train, seen)


def _files(folder):
  names = sorted(os.path.relpath(p, folder) for p in glob.glob(os.path.join(folder, "*")))
  return sorted(set("events" if n.startswith("events.out") else n for n in names))


def _events(tf, folder):
  """What is in the event files, in order."""
  found = []
  for path in sorted(glob.glob(os.path.join(folder, "events.out*"))):
    for event in tf.train.summary_iterator(path):
      kind = event.WhichOneof("what")
      text = "%d %s" % (event.step, kind)
      if kind == "summary":
        for v in event.summary.value:
          text += " %s" % v.tag
          if not v.tag.endswith("/sec"):
            text += " %.6g" % v.simple_value
      elif kind == "session_log":
        text += " %d %s" % (event.session_log.status, event.session_log.checkpoint_path.replace(folder, ""))
      elif kind == "file_version":
        text += " " + event.file_version
      found.append(text)
  return found


def scaffold_adds_operations(tf):
  _model(tf)
  with _log(tf) as lines:
    scaffold = tf.train.Scaffold().finalize()
  parts = ["init_op", "ready_op", "ready_for_local_init_op", "local_init_op", "summary_op"]
  return {"lines": lines, "finalized": tf.get_default_graph().finalized,
          "parts": [getattr(scaffold, part).name for part in parts], "feed": scaffold.init_feed_dict,
          "saver": scaffold.saver.saver_def.save_tensor_name, "init_fn": scaffold.init_fn}


def scaffold_of_an_empty_graph(tf):
  scaffold = tf.train.Scaffold().finalize()
  return {"summary_op": scaffold.summary_op, "saver": scaffold.saver.saver_def is None}


def scaffold_with_parts(tf):
  _, w, _, _ = _model(tf)
  called = []
  first = tf.train.Scaffold(init_op=tf.global_variables_initializer(), init_fn=lambda scaffold, session: called.append(session.run(w)),
                            local_init_op=tf.local_variables_initializer(), saver=tf.train.Saver())
  copy = tf.train.Scaffold(copy_from_scaffold=first, summary_op=tf.no_op(name="none"))
  with tf.train.SingularMonitoredSession(scaffold=copy) as session:
    called.append(session.run(w))
  return {"called": called, "names": [copy.init_op.name, copy.summary_op.name, copy.saver is first.saver],
          "refused": _tries(lambda: tf.train.Scaffold(copy_from_scaffold=3))}


def scaffold_with_two_savers(tf):
  _model(tf)
  for _ in range(2):
    tf.add_to_collection(tf.GraphKeys.SAVERS, tf.train.Saver())
    tf.add_to_collection(tf.GraphKeys.INIT_OP, tf.no_op())
  return {"refused": _tries(tf.train.Scaffold().finalize,
                            tf.train.Scaffold(init_op=tf.no_op()).finalize)}


def monitored_training(tf):
  step, w, loss, train = _model(tf)
  with _folder(tf) as folder:
    with _log(tf, folder) as lines:
      hooks = [tf.train.StopAtStepHook(last_step=5), tf.train.NanTensorHook(loss),
               tf.train.LoggingTensorHook({"w": w, "step": step}, every_n_iter=2)]
      seen = []
      with tf.train.MonitoredTrainingSession(checkpoint_dir=folder, hooks=hooks, save_checkpoint_steps=3,
                                             save_summaries_steps=2, log_step_count_steps=2) as session:
        while not session.should_stop():
          seen.append(session.run([train, loss])[1])
    tf.summary.FileWriterCache.clear()
    written = _events(tf, folder)
    files = _files(folder)
    with _log(tf, folder) as again:
      with tf.train.MonitoredTrainingSession(checkpoint_dir=folder, hooks=[tf.train.StopAtStepHook(num_steps=2)],
                                             save_checkpoint_secs=None, save_summaries_steps=None,
                                             log_step_count_steps=None) as session:
        while not session.should_stop():
          seen.append(session.run([train, step])[1])
  return {"lines": lines, "again": again, "seen": seen, "events": written, "files": files}


def hooks_are_called_in_order(tf):
  step, w, loss, train = _model(tf)
  calls = []

  class Tells(tf.train.SessionRunHook):
    def __init__(self, name):
      self._name = name

    def begin(self):
      calls.append("%s begin %s" % (self._name, tf.get_default_graph().finalized))

    def after_create_session(self, session, coord):
      calls.append("%s created %s" % (self._name, tf.get_default_graph().finalized))

    def before_run(self, run_context):
      calls.append("%s before %s" % (self._name, run_context.original_args.fetches is train))
      return tf.train.SessionRunArgs({"w": w, "l": [loss]})

    def after_run(self, run_context, run_values):
      calls.append("%s after %s" % (self._name, sorted(run_values.results)))
      if run_context.session.run(step) == 2:
        run_context.request_stop()
      calls.append(str(run_context.stop_requested))

    def end(self, session):
      calls.append("%s end %s" % (self._name, session.run(step)))

  with tf.train.MonitoredSession(hooks=[Tells("a"), Tells("b")]) as session:
    while not session.should_stop():
      session.run(train)
    calls += _tries(lambda: session.run(train))
  calls += _tries(session.should_stop, session.close, lambda: session.graph, lambda: session.run(train))
  return {"calls": calls, "finalized": tf.get_default_graph().finalized}


def feeds_of_hooks(tf):
  _model(tf)
  p, q = tf.placeholder(tf.float32, [], name="p"), tf.placeholder(tf.float32, [], name="q")
  total = p + 10.0 * q
  final = tf.train.FinalOpsHook([total, tf.constant(3)], {p: 1.0, q: 2.0})
  with tf.train.SingularMonitoredSession(hooks=[tf.train.FeedFnHook(lambda: {p: 5.0}), final]) as session:
    seen = [session.run(total, {q: 1.0})]
    seen += _tries(lambda: session.run(total, {p: 1.0, q: 1.0}), lambda: session.run(total))
    seen.append(type(session.raw_session()).__name__)
  with tf.train.SingularMonitoredSession(hooks=[tf.train.FeedFnHook(lambda: {p: 5.0})] * 2) as session:
    seen += _tries(lambda: session.run(total))
  return {"seen": seen, "final": final.final_ops_values}


def step_functions(tf):
  step, w, loss, train = _model(tf)

  def trains(step_context):
    step_context.session.run(train)
    return step_context.run_with_hooks(step)

  def stops(step_context):
    step_context.request_stop()

  with tf.train.MonitoredSession(hooks=[tf.train.StopAtStepHook(last_step=9)]) as session:
    seen = [session.run_step_fn(trains), session.run_step_fn(trains)]
    seen += _tries(lambda: session.run_step_fn(lambda other: None))
    session.run_step_fn(stops)
    seen.append("not reached")
  return {"seen": seen}


def errors_end_a_session(tf):
  step, w, loss, train = _model(tf)
  ends = tf.data.Dataset.range(2).make_one_shot_iterator().get_next()
  seen = []
  with tf.train.SingularMonitoredSession() as session:
    for _ in range(4):
      seen.append(session.run(ends))
  bad = tf.Print(w, [w]) / 0.0 - 1.0 / tf.constant(0.0)
  with _log(tf) as lines:
    seen += _tries(lambda: _runs(tf, [tf.train.NanTensorHook(bad)], train))
    seen += _tries(lambda: _runs(tf, [tf.train.NanTensorHook(bad, fail_on_nan_loss=False)], train))
  return {"seen": seen, "lines": lines}


def _runs(tf, hooks, train):
  count = 0
  with tf.train.SingularMonitoredSession(hooks=hooks) as session:
    while not session.should_stop() and count < 5:
      session.run(train)
      count += 1
  return count


def hooks_without_a_step(tf):
  tf.get_variable("w", [])
  hooks = [tf.train.StopAtStepHook(3), tf.train.GlobalStepWaiterHook(1), tf.train.StepCounterHook(),
           tf.train.SummarySaverHook(1, summary_op=tf.no_op())]
  return {"refused": _tries(*[hook.begin for hook in hooks])}


def hooks_refuse(tf):
  step, w, loss, train = _model(tf)
  t = tf.train
  two = tf.split(tf.zeros([2]), 2, name="two")
  del two
  return {"refused": _tries(
      t.StopAtStepHook, lambda: t.StopAtStepHook(1, 2), lambda: t.LoggingTensorHook([w]),
      lambda: t.LoggingTensorHook([w], 1, 1), lambda: t.LoggingTensorHook([w], 0),
      lambda: t.LoggingTensorHook(["no"], 1).begin(), lambda: t.LoggingTensorHook(["two"], 1).begin(),
      lambda: t.LoggingTensorHook(["loss", "loss:0"], 1).begin(), lambda: t.LoggingTensorHook([3], 1).begin().__class__.__name__,
      lambda: t.SecondOrStepTimer(), lambda: t.SecondOrStepTimer(1, 1), lambda: t.StepCounterHook(None),
      lambda: t.StepCounterHook(1, 1), lambda: t.SummarySaverHook(1), lambda: t.SummarySaverHook(1, scaffold=1, summary_op=2),
      lambda: t.CheckpointSaverHook("x", 1, saver=1, scaffold=2), lambda: t.CheckpointSaverHook("x", 1, 1),
      lambda: t.CheckpointSaverHook("x", 1)._get_saver(), lambda: t.SessionManager(ready_for_local_init_op=1))}


def timers(tf):
  timer = tf.train.SecondOrStepTimer(every_steps=3)
  seen = [timer.last_triggered_step()]
  for number in range(8):
    seen.append(timer.should_trigger_for_step(number))
    if seen[-1]:
      seen.append(timer.update_last_triggered_step(number)[1])
  timer.reset()
  slow = tf.train.SecondOrStepTimer(every_secs=1000)
  slow.update_last_triggered_step(0)
  return {"seen": seen, "reset": timer.should_trigger_for_step(7), "slow": slow.should_trigger_for_step(5)}


def listeners(tf):
  step, w, loss, train = _model(tf)
  calls = []

  class Listens(tf.train.CheckpointSaverListener):
    def begin(self):
      calls.append("begin")

    def before_save(self, session, global_step_value):
      calls.append("before %d" % global_step_value)

    def after_save(self, session, global_step_value):
      calls.append("after %d" % global_step_value)
      return global_step_value >= 4

    def end(self, session, global_step_value):
      calls.append("end %d" % global_step_value)

  with _folder(tf) as folder, _log(tf, folder) as lines:
    tf.add_to_collection(tf.GraphKeys.SAVERS, tf.train.Saver())
    hook = tf.train.CheckpointSaverHook(folder, save_steps=2, listeners=[Listens()])
    with tf.train.MonitoredSession(hooks=[hook]) as session:
      while not session.should_stop():
        session.run(train)
    files = _files(folder)
  return {"calls": calls, "files": files, "lines": [re.sub("<.*>", "<listener>", line) for line in lines]}


def logs_at_the_end(tf):
  step, w, loss, train = _model(tf)
  with _log(tf) as lines:
    hooks = [tf.train.LoggingTensorHook([w.name, "loss"], at_end=True),
             tf.train.LoggingTensorHook({"b": w, "a": step}, every_n_iter=1, formatter=lambda values: "%s!" % sorted(values)),
             tf.train.GlobalStepWaiterHook(0), tf.train.StepCounterHook(every_n_steps=1)]
    with tf.train.MonitoredSession(hooks=hooks) as session:
      session.run(train)
      session.run(train)
      session.run(w)
      session.run(w)
  return {"lines": lines}


def queues_of_a_session(tf):
  tf.train.create_global_step()
  x = tf.train.range_input_producer(4, num_epochs=1, shuffle=False).dequeue()
  seen = []
  with tf.train.MonitoredTrainingSession() as session:
    while not session.should_stop():
      seen.append(session.run(x))
  return {"seen": seen}


def workers_wait(tf):
  _model(tf)
  creator = tf.train.WorkerSessionCreator(max_wait_secs=0)
  with _log(tf) as lines:
    refused = _tries(creator.create_session)
  return {"refused": refused, "lines": lines}


def session_managers(tf):
  step, w, loss, train = _model(tf)
  ready = tf.report_uninitialized_variables()
  saver = tf.train.Saver()
  local = tf.local_variables_initializer()
  half = tf.variables_initializer([w], name="half")
  whole = tf.global_variables_initializer()
  manager = tf.train.SessionManager(local, ready)
  bare = tf.train.SessionManager()
  strict = tf.train.SessionManager(local, ready, tf.report_uninitialized_variables([w, step]))
  with _folder(tf) as folder, _log(tf, folder) as lines:
    seen = _tries(
        lambda: bare.prepare_session("").run(w), lambda: manager.prepare_session("", init_op=half),
        lambda: strict.prepare_session("", init_op=half), lambda: manager.prepare_session("", init_op=whole).run(w),
        lambda: manager.prepare_session("", init_fn=lambda s: s.run(whole)).run(w),
        lambda: bare.prepare_session("", saver=saver, checkpoint_dir="a", checkpoint_filename_with_path="b"),
        lambda: manager.recover_session("", saver, folder)[1])
    with tf.Session() as session:
      session.run([whole, local])
      session.run(train)
      path = saver.save(session, os.path.join(folder, "m"), step)
    seen += _tries(
        lambda: [float(value) for value in manager.prepare_session("", whole, saver, folder).run([w, step])],
        lambda: manager.recover_session("", saver, folder)[1],
        lambda: manager.recover_session("", saver, checkpoint_filename_with_path=path)[0].run(step))
    only = tf.train.Saver([w])
    other = os.path.join(folder, "other")
    os.mkdir(other)
    with tf.Session() as session:
      session.run([whole, local])
      only.save(session, os.path.join(other, "m"))
    seen += _tries(lambda: manager.recover_session("", only, other)[1], lambda: strict.recover_session("", only, other)[1])
  return {"seen": seen, "lines": lines}


def supervisor_adds_operations(tf):
  _model(tf)
  with _log(tf) as lines:
    supervisor = tf.train.Supervisor()
  parts = ["init_op", "ready_op", "ready_for_local_init_op", "local_init_op", "summary_op", "global_step"]
  return {"lines": lines, "finalized": tf.get_default_graph().finalized,
          "parts": [getattr(getattr(supervisor, part), "name", None) for part in parts],
          "rest": [supervisor.is_chief, supervisor.save_path, supervisor.summary_writer, supervisor.save_summaries_secs,
                   supervisor.save_model_secs, supervisor.init_feed_dict, type(supervisor.session_manager).__name__,
                   supervisor.saver.saver_def.save_tensor_name]}


def supervisor_without_parts(tf):
  _, w, _, train = _model(tf)
  supervisor = tf.train.Supervisor(summary_op=None, saver=None, global_step=None, ready_op=None,
                                   init_op=tf.global_variables_initializer(), local_init_op=tf.local_variables_initializer())
  with supervisor.managed_session() as session:
    session.run(train)
    value = session.run(w)
  return {"w": value, "stops": supervisor.should_stop(),
          "refused": _tries(lambda: supervisor.summary_computed(session, b"")),
          "parts": [supervisor.saver, supervisor.global_step, supervisor.ready_op, supervisor.summary_op]}


def supervisor_with_a_folder(tf):
  step, w, loss, train = _model(tf)
  merged = tf.summary.merge_all()
  with _folder(tf) as folder:
    with _log(tf, folder) as lines:
      supervisor = tf.train.Supervisor(logdir=folder, summary_op=None, save_model_secs=0, save_summaries_secs=0)
      count = 0
      with supervisor.managed_session(close_summary_writer=False) as session:
        while not supervisor.should_stop():
          session.run(train)
          count += 1
          supervisor.summary_computed(session, session.run(merged))
          if count == 3:
            supervisor.saver.save(session, supervisor.save_path, global_step=supervisor.global_step)
            supervisor.request_stop()
      with supervisor.managed_session() as session:
        seen = session.run([step, w])
    written = _events(tf, folder)
    files = _files(folder)
  return {"lines": lines, "events": written, "files": files, "seen": seen}


def supervisor_refuses(tf):
  _, w, _, train = _model(tf)

  def stops_with_error():
    with tf.train.Supervisor().managed_session():
      raise ValueError("by the program")

  with _log(tf) as lines:
    seen = _tries(lambda: tf.train.Supervisor(is_chief=False), stops_with_error,
                  lambda: tf.train.Supervisor(ready_for_local_init_op=w, local_init_op=None),
                  lambda: tf.train.Supervisor(init_op=None, local_init_op=None).prepare_or_wait_for_session())
  return {"seen": seen, "lines": lines}


def train_loop(tf):
  step, w, _, train = _model(tf)
  supervisor = tf.train.Supervisor()
  seen = []

  def trains(session, most, text=""):
    session.run(train)
    seen.append("%s%d" % (text, session.run(step)))
    if len(seen) == most:
      supervisor.request_stop()

  tf.train.basic_train_loop(supervisor, trains, [3], {"text": "step "})
  return {"seen": seen}


def tables(tf):
  op = tf.tables_initializer()
  iterator = tf.data.Dataset.range(2).make_initializable_iterator()
  tf.add_to_collection(tf.GraphKeys.TABLE_INITIALIZERS, iterator.initializer)
  both = tf.initializers.tables_initializer("both")
  x = iterator.get_next()
  tf.train.create_global_step()
  with tf.train.MonitoredSession() as session:
    seen = [session.run(x), session.run(x)]
  return {"names": [op.name, both.name], "seen": seen}


def threads_of_a_supervisor(tf):
  step, w, loss, train = _model(tf)
  with _folder(tf) as folder:
    with _log(tf, folder) as lines:
      supervisor = tf.train.Supervisor(logdir=folder)
      with supervisor.managed_session() as session:
        _wait(lambda: len([line for line in lines if re.search("Recording|Saving|/sec", line)]) == 3)
      names = _files(folder)
    events = sorted(_events(tf, folder))
    calls = []
    with _log(tf, folder) as again:
      with supervisor.managed_session(start_standard_services=False) as session:
        supervisor.loop(1000, calls.append, [1])
        supervisor.start_queue_runners(session)
        _wait(lambda: calls)
        calls.append(session.run(step))
  return {"lines": sorted(lines), "events": events, "files": names, "again": again, "calls": calls}


def _wait(done):
  for _ in range(400):
    if done():
      return
    time.sleep(0.02)
  raise RuntimeError("waited in vain")


def lost_workers(tf):
  step, w, loss, train = _model(tf)
  calls = []

  class Loses(tf.train.SessionRunHook):
    def after_create_session(self, session, coord):
      calls.append("created")
      if len(calls) == 1:
        raise tf.errors.UnavailableError(None, None, "gone while it was made")

    def before_run(self, run_context):
      calls.append("run")
      if len(calls) in (4, 7):
        raise tf.errors.AbortedError(None, None, "gone in a run")

  def trains(step_context):
    return step_context.run_with_hooks([train, step])[1]

  with _log(tf) as lines:
    with tf.train.MonitoredSession(hooks=[Loses()]) as session:
      seen = [session.run([train, w])[1] for _ in range(3)]
      seen.append(session.run_step_fn(trains))
  supervisor = tf.train.Supervisor()
  tries = []

  def fails_once(session):
    tries.append(session.run(step))
    if len(tries) == 1:
      raise tf.errors.AbortedError(None, None, "gone")
    supervisor.request_stop()

  tf.train.basic_train_loop(supervisor, fails_once)
  return {"calls": calls, "lines": lines, "tries": tries, "count": len(seen)}


def inputs_that_end(tf):
  step, w, loss, train = _model(tf)
  ends = tf.data.Dataset.range(1).make_one_shot_iterator().get_next()

  def runs():
    with tf.train.MonitoredSession(hooks=[tf.train.FinalOpsHook(ends)]) as session:
      session.run(ends)

  def fails():
    with tf.train.MonitoredSession() as session:
      session.run("no:0")

  with _log(tf) as lines:
    seen = _tries(runs, fails)
  return {"seen": [text.split(" [[")[0] for text in seen], "lines": lines}


def waits_for_a_step(tf):
  step, w, loss, train = _model(tf)
  seen = []

  class Trains(tf.train.SessionRunHook):
    def after_create_session(self, session, coord):
      session.run(train)

  with _log(tf) as lines:
    hooks = [Trains(), tf.train.GlobalStepWaiterHook(1)]
    with tf.train.MonitoredSession(hooks=hooks) as session:
      seen += [session.run(step), session.run(step), session.graph is tf.get_default_graph()]
      seen.append(tf.train.start_queue_runners(session))
  return {"seen": seen, "lines": lines}


def options_of_hooks(tf):
  _, w, _, _ = _model(tf)
  seen = []

  class Asks(tf.train.SessionRunHook):
    def before_run(self, run_context):
      return tf.train.SessionRunArgs(None, options=tf.RunOptions(timeout_in_ms=60000, output_partition_graphs=True))

    def after_run(self, run_context, run_values):
      seen.extend([run_values.results, run_values.options.timeout_in_ms, run_values.options.output_partition_graphs])

  with tf.train.MonitoredSession(hooks=[Asks()]) as session:
    session.run(w, options=tf.RunOptions(timeout_in_ms=90000))
  return {"seen": seen}


def steps_by_name(tf):
  step = tf.Variable(3, name="global_step", trainable=False)
  for _ in range(2):
    tf.add_to_collection(tf.GraphKeys.INIT_OP, tf.global_variables_initializer())
  with _log(tf) as lines:
    supervisor = tf.train.Supervisor(save_summaries_secs=0)
    session = supervisor.PrepareSession(start_standard_services=False)
    seen = [supervisor.global_step is step, supervisor.global_step.name, session.run(supervisor.global_step)]
    seen += _tries(lambda: supervisor.start_standard_services(session))
    supervisor.Stop()
  return {"lines": lines, "seen": seen, "type": session.run(step)}


def steps_of_a_wrong_type(tf):
  tf.Variable(3.0, name="global_step", trainable=False)
  with _log(tf) as lines:
    supervisor = tf.train.Supervisor()
  return {"lines": lines, "step": supervisor.global_step}


def supervisors_that_wait(tf):
  with tf.device("/cpu:0"):
    w = tf.get_variable("w", [], initializer=tf.ones_initializer())
  with _log(tf) as lines:
    supervisor = tf.train.Supervisor(is_chief=False, recovery_wait_secs=0.01, local_init_op=None, ready_op=None)
    with supervisor.managed_session() as session:
      seen = _tries(lambda: session.run(w), lambda: supervisor.start_standard_services(session))
    other = tf.train.SessionManager(recovery_wait_secs=0.01)
    seen += _tries(lambda: other.wait_for_session("").run(w), lambda: supervisor.stop_on_exception().__class__.__name__)
  return {"lines": lines, "seen": seen, "parts": [supervisor.is_chief, supervisor.save_model_secs]}
