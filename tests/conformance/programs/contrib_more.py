"""tf.contrib: values assigned, training operations, less common layers and models."""

import numpy as np
from said import tries


def _x(*shape, **kwargs):
  return np.random.RandomState(kwargs.get("seed", 0)).randn(*shape).astype(np.float32)


def assign_values(tf):
  framework = tf.contrib.framework
  a = tf.get_variable("a", [2, 2])
  b = tf.get_variable("b", [3])
  op, feed = framework.assign_from_values({"a": np.arange(4.0), "b": np.ones(3)})
  fn = framework.assign_from_values_fn({"b": np.zeros(3)})
  with tf.Session() as session:
    session.run(op, feed)
    first = session.run([a, b])
    fn(session)
    second = session.run(b)
  return {"first": first, "second": second,
          "errors": tries(lambda: framework.assign_from_values({"c": np.ones(1)}),
                           lambda: framework.get_unique_variable("zz"),
                           lambda: framework.filter_variables([a, b], include_patterns=["x"]),
                           lambda: framework.assert_global_step(b),
                           lambda: framework.assign_from_checkpoint_fn("nowhere", []),
                           lambda: [v.name for v in framework.filter_variables([a, b], ["b"], reg_search=False)])}


def assign_checkpoint(tf):
  import os
  import shutil
  import tempfile

  framework = tf.contrib.framework
  a = tf.get_variable("a", [2], initializer=tf.constant_initializer([1.0, 2.0]))
  b = tf.get_variable("b", [2], initializer=tf.zeros_initializer())
  folder = tempfile.mkdtemp()
  try:
    with tf.Session() as session:
      session.run(tf.global_variables_initializer())
      path = tf.train.Saver([a]).save(session, os.path.join(folder, "m"))
      op, feed = framework.assign_from_checkpoint(path, {"a": b})
      session.run(op, feed)
      found = session.run(b)
      fn = framework.assign_from_checkpoint_fn(path, {"a": b, "zz": a}, ignore_missing_vars=True)
      session.run(b.assign([5.0, 5.0]))
      fn(session)
      again = session.run(b)
      errors = tries(lambda: framework.assign_from_checkpoint(path, [b]),
                      lambda: framework.assign_from_checkpoint_fn(path, {"q": b}, True))
  finally:
    shutil.rmtree(folder)
  return {"found": found, "again": again, "errors": errors}


def train_op(tf):
  slim = tf.contrib.slim
  x = tf.constant(_x(4, 3))
  y = slim.fully_connected(x, 2, normalizer_fn=slim.batch_norm)
  loss = tf.reduce_mean(tf.square(y))
  made = slim.learning.create_train_op(
    loss, tf.train.GradientDescentOptimizer(0.1), clip_gradient_norm=1.0, summarize_gradients=True,
    gradient_multipliers={"fully_connected/weights": 2.0})
  return {"loss": made, "collected": [t.name for t in tf.get_collection(tf.GraphKeys.TRAIN_OP)],
          "step": tf.train.get_global_step().name}


def train_op_of_training(tf):
  training = tf.contrib.training
  table = tf.get_variable("table", [5, 2])
  loss = tf.square(tf.reduce_sum(tf.nn.embedding_lookup(table, [1, 3, 3])))  # read before it changes
  made = training.create_train_op(
    loss, tf.train.GradientDescentOptimizer(0.1), global_step=None, update_ops=[],
    variables_to_train=[table], transform_grads_fn=training.clip_gradient_norms_fn(0.5),
    summarize_gradients=True, check_numerics=False)
  return {"loss": made}


def multiplied_gradients(tf):
  training = tf.contrib.training
  v = tf.get_variable("v", [2])
  w = tf.get_variable("w", [4, 2])
  grads = tf.train.GradientDescentOptimizer(0.1).compute_gradients(
    tf.reduce_sum(v) + tf.reduce_sum(tf.gather(w, [1, 1])), [v, w])
  by_name = training.multiply_gradients(grads, {"v": 3.0, w: tf.constant(2.0)})
  return {"v": by_name[0][0], "w": by_name[1][0].values, "same": by_name[0][1] is v,
          "errors": tries(lambda: training.multiply_gradients((1, 2), {v: 1.0}),
                           lambda: training.multiply_gradients(grads, {}),
                           lambda: training.multiply_gradients(grads, [1]),
                           lambda: training.multiply_gradients([(None, v)], {v: 1.0}),
                           lambda: len(training.add_gradients_summaries([(None, v)])))}


def _shape_errors(tf, images):
  layers = tf.contrib.layers
  return tries(lambda: layers.flatten(tf.constant(1.0)),
                lambda: layers.maxout(tf.constant(_x(2, 5)), 3),
                lambda: layers.unit_norm(tf.constant(_x(2, 5)), 3),
                lambda: layers.softmax(tf.placeholder(tf.float32)),
                lambda: layers.repeat(images, 0, layers.conv2d, 2, 1),
                lambda: layers.legacy_fully_connected(tf.constant(_x(3)), 2),
                lambda: layers.conv2d(images, 2, 3, rate=2, stride=2),
                lambda: layers.conv2d(images, 2, 3, data_format="nonsense"),
                lambda: layers.group_norm(images, groups=3),
                lambda: layers.layer_norm(tf.constant(_x(3)), begin_norm_axis=4),
                lambda: layers.batch_norm(images, fused=True, batch_weights=tf.ones([2])),
                lambda: layers.one_hot_encoding(images, None))


def shapes_and_sequences(tf):
  layers = tf.contrib.layers
  images = tf.constant(_x(2, 3, 4, 2))
  columns = layers.images_to_sequence(images)
  sparse = layers.dense_to_sparse(tf.constant([[1, 0], [2, 3]]))
  errors = _shape_errors(tf, images)
  return {"wrong": len(errors), "texts": "|".join(str(e) for e in errors), "columns": columns, "back": layers.sequence_to_images(columns, 3), "values": sparse.values,
          "linear": layers.legacy_linear(tf.constant(_x(2, 3)), 2),
          "relu": layers.legacy_relu(tf.constant(_x(2, 3, 4)), 2),
          }


def regularizers_wrong(tf):
  layers = tf.contrib.layers
  w = tf.get_variable("w", [2])
  return {"errors": tries(lambda: layers.l1_regularizer(2), lambda: layers.l1_regularizer(-2.0),
                           lambda: layers.l1_l2_regularizer(1, 0.1), lambda: layers.sum_regularizer([]) is None,
                           lambda: layers.apply_regularization(lambda v: 3.0, [w]),
                           lambda: layers.apply_regularization(lambda v: None, [w]),
                           lambda: layers.l2_regularizer(0.0)(w) is None,
                           lambda: layers.apply_regularization(layers.l2_regularizer(0.1)))}


def summaries_of_types(tf):
  layers = tf.contrib.layers
  x = tf.constant([-1.0, 7.0])
  found = [layers.summarize_activation(tf.nn.relu6(x)), layers.summarize_tensor(tf.constant(True)),
           layers.summarize_tensor(tf.constant("a")), layers.summarize_tensors([x])[0]]
  return {"names": [None if t is None else t.op.name for t in found]}


def many_decoders(tf):
  legacy = tf.contrib.legacy_seq2seq
  ids = [tf.constant([1, 2]), tf.constant([0, 3])]
  fed = tf.placeholder_with_default(False, [])
  outs, states = legacy.one2many_rnn_seq2seq(
    ids, {"a": ids}, tf.contrib.rnn.GRUCell(3), {"a": tf.contrib.rnn.GRUCell(3)}, 4, {"a": 5}, 2)
  by_tensor, _ = legacy.embedding_tied_rnn_seq2seq(
    ids, ids, tf.contrib.rnn.BasicLSTMCell(3), 5, 2, feed_previous=fed, scope="tied")
  attended, _ = legacy.embedding_attention_seq2seq(
    ids, ids, tf.contrib.rnn.GRUCell(3), 4, 5, 2, feed_previous=fed, scope="att")
  return {"a": outs["a"], "state": states["a"], "tied": by_tensor, "att": attended,
          "errors": tries(
            lambda: legacy.one2many_rnn_seq2seq(ids, {"a": ids}, None, {}, 4, {}, 2),
            lambda: legacy.one2many_rnn_seq2seq(ids, {"a": ids}, tf.contrib.rnn.GRUCell(3), {}, 4, {}, 2),
            lambda: legacy.one2many_rnn_seq2seq(ids, {"a": ids}, tf.contrib.rnn.GRUCell(3), {"a": 3}, 4, {}, 2),
            lambda: legacy.attention_decoder([], None, None, None),
            lambda: legacy.attention_decoder(ids, None, None, None, num_heads=0),
            lambda: legacy.sequence_loss_by_example([1], [], []))}


def projected_decoder(tf):
  legacy = tf.contrib.legacy_seq2seq
  ids = [tf.constant([1, 2]), tf.constant([0, 3])]
  w, b = tf.get_variable("pw", [3, 5]), tf.get_variable("pb", [5])
  out, _ = legacy.embedding_rnn_seq2seq(ids, ids, tf.contrib.rnn.GRUCell(3), 4, 5, 2, output_projection=(w, b),
                                        feed_previous=True, dtype=tf.float32)
  tied, _ = legacy.embedding_tied_rnn_seq2seq(ids, ids, tf.contrib.rnn.GRUCell(3), 5, 2, output_projection=(w, b))
  losses = legacy.sequence_loss([tf.constant(_x(2, 5))], [tf.constant([1, 2])], [tf.ones([2])],
                                average_across_batch=False,
                                softmax_loss_function=tf.nn.sparse_softmax_cross_entropy_with_logits)
  return {"out": out, "tied": tied, "losses": losses}


def hparams_more(tf):
  HParams, parse = tf.contrib.training.HParams, tf.contrib.training.parse_values
  hp = HParams(a=1, b=[1.0, 2.0], c="x", d=True)
  hp.set_model_structure("m")
  hp.parse_json('{"a": 5}')
  found = [hp.a, hp.get("a", 3), hp.get_model_structure(), hp.get("zz"), "zz" in hp]
  hp.del_hparam("c")
  return {"found": found, "left": sorted(hp.values()), "values": parse("a=3,b[1]=2.5,b[0]=1", {"a": int, "b": float}),
          "flags": parse("x=1,y=true", {"x": bool, "y": bool}), "some": parse("a=1,q=2", {"a": int}, ignore_unknown=True),
          "errors": tries(lambda: hp.add_hparam("a", 3), lambda: hp.add_hparam("e", []), lambda: hp.set_hparam("b", 1.0),
                           lambda: hp.set_hparam("a", "x"), lambda: hp.set_hparam("d", 2), lambda: hp.get("a", [1]),
                           lambda: hp.get("a", "x"), lambda: hp.get("b", [1.0]), lambda: hp.get("b", 1.0),
                           lambda: parse("a=3,a=4", {"a": int}), lambda: parse("a[1]=[2]", {"a": int}),
                           lambda: parse("???", {}), lambda: parse("a=1,a[0]=2", {"a": int}),
                           lambda: parse("a[0]=1,a[0]=2", {"a": int}), lambda: parse("d=maybe", {"d": bool}))}


def analysis_printed(tf):
  import contextlib
  import io

  v = tf.get_variable("v", [2, 3])
  printed = io.StringIO()
  with contextlib.redirect_stdout(printed):
    tf.contrib.slim.model_analyzer.analyze_vars([v], print_info=True)
    tf.contrib.slim.model_analyzer.analyze_ops(tf.get_default_graph(), print_info=True)
  return {"printed": printed.getvalue(), "text": tf.contrib.slim.model_analyzer.tensor_description(v)}


def attention_settings(tf):
  s2s, rnn = tf.contrib.seq2seq, tf.contrib.rnn
  memory = tf.constant(_x(3, 5, 4))
  luong = s2s.LuongAttention(4, memory)
  cell = rnn.BasicLSTMCell(4)
  start = cell.zero_state(3, tf.float32)
  layer = tf.layers.Dense(5, use_bias=False, name="mine")
  a = s2s.AttentionWrapper(cell, luong, attention_layer=layer, initial_cell_state=start,
                           cell_input_fn=lambda x, attention: x)
  out, state = a(tf.constant(_x(3, 2)), a.zero_state(3, tf.float32))
  return {"out": out, "alignments": state.alignments, "size": str(a.state_size), "output": a.output_size,
          "errors": tries(
            lambda: s2s.AttentionWrapper(cell, [3]),
            lambda: s2s.AttentionWrapper(cell, luong, cell_input_fn=3),
            lambda: s2s.AttentionWrapper(cell, luong, attention_layer_size=3, attention_layer=layer),
            lambda: s2s.AttentionWrapper(cell, luong, attention_layer_size=[3, 4]),
            lambda: s2s.AttentionWrapper(cell, luong, attention_layer=[layer, layer]),
            lambda: a.call(tf.constant(_x(3, 2)), 3).shape,
            lambda: s2s.LuongAttention(4, tf.placeholder(tf.float32, [2, None, None])),
            lambda: s2s.GreedyEmbeddingHelper(memory, 1, 2),
            lambda: s2s.GreedyEmbeddingHelper(memory, [1], [2]),
            lambda: s2s.tile_batch(tf.placeholder(tf.float32), 2),
            lambda: s2s.CustomHelper(None, None, None).batch_size,
            lambda: s2s.dynamic_decode(s2s.BasicDecoder(
              cell, s2s.TrainingHelper(memory, [5, 5, 5]), start), maximum_iterations=[3]))}


def shapes_checked(tf):
  framework = tf.contrib.framework
  x = tf.placeholder_with_default(_x(2, 3), [None, 3])
  known = tf.constant(_x(2, 3))
  return {"x": framework.with_shape([2, 3], x), "same": framework.with_same_shape(known, x),
          "as_it_is": framework.with_shape([2, 3], known) is known,
          "scalar": framework.with_shape([], tf.constant([1.0])),
          "by_tensor": framework.with_shape(tf.constant([2, 3]), x),
          "errors": tries(lambda: framework.with_shape([2, 4], known),
                           lambda: framework.with_shape(tf.constant([2.0]), known),
                           lambda: framework.with_shape([2.5], known))}


def crf(tf):
  crf, rng, found = tf.contrib.crf, np.random.RandomState(0), {}
  for i, (length, kind) in enumerate(((1, tf.int32), (3, tf.int64), (None, tf.int32))):
    with tf.variable_scope("s%d" % i):
      inputs = tf.placeholder_with_default(rng.randn(3, length or 4, 2).astype(np.float32), [None, length, 2])
      tags = tf.placeholder_with_default(rng.randint(0, 2, [3, length or 4]).astype(kind.as_numpy_dtype), [None, length])
      lengths = tf.constant([length or 4, 1, 0], kind)
      scores, transitions = crf.crf_log_likelihood(inputs, tags, lengths)
      found["scores %d" % i] = [scores, crf.crf_multitag_sequence_score(inputs, tf.one_hot(tags, 2) > 0, lengths, transitions)]
      found["best %d" % i] = list(crf.crf_decode(inputs, transitions, lengths))
  found["slopes"] = tf.gradients(scores, inputs)
  best, score = crf.viterbi_decode(rng.randn(4, 3), rng.randn(3, 3))
  found["viterbi"] = [[int(tag) for tag in best], "%.5f" % score]
  return found


def optimized_losses(tf):
  optimize, found = tf.contrib.layers.optimize_loss, {}
  w = tf.get_variable("w", [2], initializer=tf.ones_initializer())
  table = tf.get_variable("table", [5, 2], initializer=tf.ones_initializer())
  step = tf.train.get_or_create_global_step()
  loss = tf.square(tf.reduce_sum(w) + tf.reduce_sum(tf.gather(table, [1, 1])))
  made = [optimize(loss, step, 0.1, name, name=name) for name in sorted(tf.contrib.layers.OPTIMIZER_CLS_NAMES)]
  made.append(optimize(loss, None, None, tf.train.GradientDescentOptimizer(0.5), clip_gradients=1.0, gradient_multipliers={"w:0": 2.0, table: 3.0},
                       summaries=tf.contrib.layers.OPTIMIZER_SUMMARIES, update_ops=[w.assign_add([1.0, 1.0])], increment_global_step=False))
  made.append(optimize(tf.reduce_sum(w), step, tf.constant(0.1), lambda rate: tf.train.AdamOptimizer(rate), gradient_noise_scale=0.1, variables=[w],
                       clip_gradients=lambda pairs: pairs, learning_rate_decay_fn=lambda rate, count: tf.train.exponential_decay(rate, count, 2, 0.5)))
  found["names"] = [tensor.name for tensor in made]
  found["errors"] = tries(lambda: optimize(loss, step, 1, "SGD"), lambda: optimize(loss, step, -1.0, "SGD"), lambda: optimize(loss, step, None, "SGD"),
                           lambda: optimize(loss, step, 0.1, "No"), lambda: optimize(loss, step, 0.1, 3), lambda: optimize(loss, step, 0.1, "SGD", clip_gradients=3),
                           lambda: optimize(loss, step, 0.1, "SGD", summaries=["all"]), lambda: optimize(loss, step, 0.1, "SGD", variables=[], gradient_multipliers={w: 1.0}),
                           lambda: optimize(w, step, 0.1, "SGD"))
  return found


def servers_in_turn(tf):
  framework = tf.contrib.framework
  found = []
  for settings in ({}, {"num_tasks": 2}, {"device_type": "GPU", "device_index": None},
                   {"num_tasks": 3, "job_name": "there", "replica": 1}):
    choose = framework.VariableDeviceChooser(**settings)
    found.append([choose(None) for _ in range(4)])
  with framework.arg_scope([framework.variable], device=framework.VariableDeviceChooser(2)):
    made = [framework.variable(name, []).device for name in "abc"]
  return {"found": found, "made": made}
