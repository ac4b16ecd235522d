"""tf.contrib.rnn, seq2seq, legacy_seq2seq, slim and training."""

import numpy as np


def _x(*shape, **kwargs):
  return np.random.RandomState(kwargs.get("seed", 0)).randn(*shape).astype(np.float32)


def _names(tf):
  return ["%s %s" % (v.name, v.shape) for v in tf.global_variables()]


def names_of_cells(tf):
  rnn = tf.contrib.rnn
  x = [tf.constant(_x(2, 3, seed=i)) for i in range(2)]
  cell = rnn.MultiRNNCell([rnn.DropoutWrapper(rnn.BasicLSTMCell(3), output_keep_prob=0.5),
                           rnn.GRUCell(4)])
  out, state = rnn.static_rnn(cell, x, dtype=tf.float32)
  both, _, _ = rnn.static_bidirectional_rnn(rnn.LSTMCell(2), rnn.LSTMCell(2), x, dtype=tf.float32)
  return {"out": out, "both": both, "names": _names(tf),
          "tuple": str(rnn.LSTMStateTuple(1, 2))}


def projections(tf):
  rnn = tf.contrib.rnn
  x = tf.constant(_x(2, 4, 3))
  a, _ = tf.nn.dynamic_rnn(rnn.InputProjectionWrapper(rnn.GRUCell(4), 5, activation=tf.nn.relu), x,
                           dtype=tf.float32, scope="a")
  b, _ = tf.nn.dynamic_rnn(rnn.OutputProjectionWrapper(rnn.BasicLSTMCell(4), 2), x,
                           dtype=tf.float32, scope="b")
  c, _ = rnn.static_rnn(rnn.OutputProjectionWrapper(rnn.BasicRNNCell(4), 1, activation=tf.nn.relu),
                        tf.unstack(x, 4, 1), dtype=tf.float32, scope="c")
  return {"a": a, "b": b, "c": c, "names": _names(tf)}


def embedding_wrapper(tf):
  rnn = tf.contrib.rnn
  ids = [tf.constant([1, 2]), tf.constant([0, 3])]
  cell = rnn.EmbeddingWrapper(rnn.GRUCell(3), embedding_classes=5, embedding_size=4)
  out, state = rnn.static_rnn(cell, ids, dtype=tf.float32)
  return {"out": out, "state": state, "names": _names(tf)}


def embedding_wrapper_of_nothing(tf):
  tf.contrib.rnn.EmbeddingWrapper(tf.contrib.rnn.GRUCell(3), 0, 4)


def projection_of_nothing(tf):
  tf.contrib.rnn.OutputProjectionWrapper(tf.contrib.rnn.GRUCell(3), 0)


def stacked_both_ways(tf):
  rnn = tf.contrib.rnn
  x = tf.constant(_x(2, 4, 3))
  out, fw, bw = rnn.stack_bidirectional_dynamic_rnn(
    [rnn.GRUCell(2), rnn.GRUCell(3)], [rnn.GRUCell(2), rnn.GRUCell(3)], x, dtype=tf.float32)
  steps, _, _ = rnn.stack_bidirectional_rnn(
    [rnn.GRUCell(2), rnn.GRUCell(3)], [rnn.GRUCell(2), rnn.GRUCell(3)], tf.unstack(x, 4, 1),
    dtype=tf.float32, scope="st")
  return {"out": out, "fw": list(fw), "bw": list(bw), "steps": steps, "names": _names(tf)}


def stacked_unequal(tf):
  rnn = tf.contrib.rnn
  rnn.stack_bidirectional_dynamic_rnn([rnn.GRUCell(2)], [], tf.constant(_x(2, 4, 3)),
                                      dtype=tf.float32)


def transposed(tf):
  return {"x": tf.contrib.rnn.transpose_batch_time(tf.constant(_x(2, 3, 4)))}


def sequence_losses(tf):
  loss = tf.contrib.seq2seq.sequence_loss
  logits, targets = tf.constant(_x(2, 3, 4)), tf.constant([[0, 1, 2], [3, 2, 1]])
  weights = tf.constant([[1.0, 1.0, 0.0], [1.0, 0.5, 1.0]])
  return {
    "all": loss(logits, targets, weights),
    "steps": loss(logits, targets, weights, average_across_timesteps=False),
    "batch": loss(logits, targets, weights, average_across_batch=False, name="sl"),
    "none": loss(logits, targets, weights, average_across_timesteps=False,
                 average_across_batch=False),
    "sum": loss(logits, targets, weights, average_across_timesteps=False,
                average_across_batch=False, sum_over_timesteps=True, sum_over_batch=True),
  }


def sequence_loss_rank(tf):
  tf.contrib.seq2seq.sequence_loss(tf.zeros([2, 3]), tf.zeros([2, 3]), tf.zeros([2, 3]))


def _steps(tf, n, classes=4, seed=0):
  rng = np.random.RandomState(seed)
  return [tf.constant(rng.randint(0, classes, 2).astype(np.int32)) for _ in range(n)]


def basic_seq2seq(tf):
  legacy = tf.contrib.legacy_seq2seq
  x = [tf.constant(_x(2, 3, seed=i)) for i in range(3)]
  out, state = legacy.basic_rnn_seq2seq(x, x[:2], tf.contrib.rnn.GRUCell(3))
  tied, _ = legacy.tied_rnn_seq2seq(x, x[:2], tf.contrib.rnn.BasicLSTMCell(3))
  return {"out": out, "state": state, "tied": tied, "names": _names(tf)}


def embedding_seq2seq(tf):
  legacy = tf.contrib.legacy_seq2seq
  cell = tf.contrib.rnn.BasicLSTMCell(3)
  out, state = legacy.embedding_rnn_seq2seq(_steps(tf, 3), _steps(tf, 2), cell, 4, 5, 2)
  fed, _ = legacy.embedding_rnn_seq2seq(_steps(tf, 3), _steps(tf, 2),
                                        tf.contrib.rnn.GRUCell(3), 4, 5, 2,
                                        feed_previous=True, scope="fed")
  tied, _ = legacy.embedding_tied_rnn_seq2seq(_steps(tf, 3), _steps(tf, 2),
                                              tf.contrib.rnn.GRUCell(3), 5, 2)
  return {"out": out, "c": state.c, "fed": fed, "tied": tied, "names": _names(tf)}


def embedding_seq2seq_by_tensor(tf):
  legacy = tf.contrib.legacy_seq2seq
  fed = tf.placeholder_with_default(True, [])
  out, state = legacy.embedding_rnn_seq2seq(
    _steps(tf, 3), _steps(tf, 2), tf.contrib.rnn.GRUCell(3), 4, 5, 2, feed_previous=fed)
  return {"out": out, "state": state, "names": _names(tf)}


def attention_seq2seq(tf):
  legacy = tf.contrib.legacy_seq2seq
  cell = tf.contrib.rnn.GRUCell(3)
  out, state = legacy.embedding_attention_seq2seq(_steps(tf, 3), _steps(tf, 2), cell, 4, 5, 2)
  return {"out": out, "state": state, "names": _names(tf)}


def attention_seq2seq_projected(tf):
  legacy = tf.contrib.legacy_seq2seq
  w = tf.get_variable("proj_w", [3, 5])
  b = tf.get_variable("proj_b", [5])
  out, state = legacy.embedding_attention_seq2seq(
    _steps(tf, 3), _steps(tf, 2), tf.contrib.rnn.BasicLSTMCell(3), 4, 5, 2, num_heads=2,
    output_projection=(w, b), feed_previous=True, initial_state_attention=True)
  return {"out": out, "c": state.c, "names": _names(tf)}


def buckets(tf):
  legacy = tf.contrib.legacy_seq2seq

  def model(x, y):
    return legacy.embedding_attention_seq2seq(
      x, y, tf.contrib.rnn.GRUCell(3), num_encoder_symbols=4, num_decoder_symbols=5,
      embedding_size=2, feed_previous=False)

  ones = [tf.ones([2]) for _ in range(4)]
  outs, losses = legacy.model_with_buckets(
    _steps(tf, 4), _steps(tf, 4), _steps(tf, 4, seed=1), ones, [(2, 3), (4, 4)], model)
  return {"losses": losses, "outs": len(outs[1]), "names": _names(tf)}


def buckets_too_long(tf):
  tf.contrib.legacy_seq2seq.model_with_buckets([], [], [], [], [(2, 3)], None)


def hparams(tf):
  hp = tf.contrib.training.HParams(rate=0.1, layers=[1, 2], name="x", flag=True, n=3)
  before = str(hp)
  hp.parse("rate=0.5,layers=[3,4],name=abc,flag=false")
  hp.n = 7
  hp.add_hparam("extra", 2.5)
  hp.set_hparam("n", 9)
  return {"before": before, "after": repr(hp), "json": hp.to_json(sort_keys=True),
          "has": "rate" in hp, "get": hp.get("missing", 4), "values": hp.values()}


def hparams_wrong_type(tf):
  tf.contrib.training.HParams(n=3).parse("n=x")


def hparams_unknown(tf):
  tf.contrib.training.HParams(n=3).parse("m=3")


def hparams_list_for_one(tf):
  tf.contrib.training.HParams(n=3).set_hparam("n", [1])


def slim_net(tf):
  slim = tf.contrib.slim
  x = tf.constant(_x(2, 8, 8, 3))
  with slim.arg_scope([slim.conv2d, slim.fully_connected], activation_fn=tf.nn.relu,
                      weights_initializer=tf.truncated_normal_initializer(0.0, 0.01),
                      weights_regularizer=slim.l2_regularizer(0.0005)):
    net = slim.repeat(x, 2, slim.conv2d, 4, [3, 3], scope="conv1")
    net = slim.max_pool2d(net, [2, 2], scope="pool1")
    net = slim.flatten(net)
    net = slim.fully_connected(net, 5, scope="fc")
    net = slim.dropout(net, 0.5, is_training=False, scope="drop")
    logits = slim.fully_connected(net, 3, activation_fn=None, scope="logits")
  return {"logits": logits, "names": _names(tf),
          "model": [v.name for v in slim.get_model_variables()],
          "restore": [v.name for v in slim.get_variables_to_restore(exclude=["logits"])],
          "sizes": slim.model_analyzer.analyze_vars(tf.trainable_variables()),
          "ops": slim.model_analyzer.analyze_ops(tf.get_default_graph())}
