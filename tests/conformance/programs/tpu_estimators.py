"""tf.contrib.tpu without TPUs: TPUEstimator with use_tpu=False, its specs and settings, the optimizer over TPUs."""

import functools

import numpy as np
from said import own_folder, tries


def _ops(tf):
  return ["%s %s %s %s" % (o.name, o.type, [t.name for t in o.inputs], sorted(c.name for c in o.control_inputs))
          for o in tf.get_default_graph().get_operations()]


def _input_fn(tf, seen):
  x = np.arange(12).reshape(6, 2).astype(np.float32)

  def input_fn(params):
    seen.append(sorted(params.items()))
    rows = tf.data.Dataset.from_tensor_slices(({"x": x}, x.sum(1, keepdims=True)))
    return rows.repeat(10).batch(params["batch_size"], drop_remainder=True)

  return input_fn


def _mean(tf):
  return lambda labels, y: {"mae": tf.metrics.mean_absolute_error(labels, y)}


def _model_fn(tf, seen):
  def model_fn(features, labels, mode, params):
    spec = tf.contrib.tpu.TPUEstimatorSpec
    y = tf.layers.dense(features["x"], 1, name="out", kernel_initializer=tf.constant_initializer(0.1))
    if mode == tf.estimator.ModeKeys.PREDICT:
      return spec(mode, predictions={"y": y})
    loss = tf.losses.mean_squared_error(labels, y)
    train = tf.train.GradientDescentOptimizer(0.001).minimize(loss, global_step=tf.train.get_global_step())
    seen.append([mode, sorted(params.items()), _ops(tf)])
    call = (lambda value: tf.identity(value, name="called"), [loss])
    return spec(mode, loss=loss, train_op=train, eval_metrics=(_mean(tf), [labels, y]), host_call=call if mode == "train" else None)

  return model_fn


def runs(tf):
  tpu, seen = tf.contrib.tpu, []
  with own_folder():
    config = tpu.RunConfig(model_dir="of_tpu", save_checkpoints_steps=4, tpu_config=tpu.TPUConfig(3, num_shards=2), log_step_count_steps=2)
    model = tpu.TPUEstimator(model_fn=_model_fn(tf, seen), config=config, use_tpu=False, train_batch_size=2, eval_batch_size=3,
                             predict_batch_size=2, params={"a": 1})
    model.train(_input_fn(tf, seen), max_steps=5)
    result = model.evaluate(_input_fn(tf, seen), steps=2)
    rows = [row["y"] for row, _ in zip(model.predict(_input_fn(tf, seen)), range(3))]
    found = []
    for name in __import__("glob").glob("of_tpu/events*"):
      for event in tf.train.summary_iterator(name):
        found += [[event.step, value.tag] for value in event.summary.value]
  return {"seen": seen, "result": result, "rows": rows, "events": found, "params": model.params,
          "config": [model.config.tpu_config, model.config.log_step_count_steps, model.config.model_dir, model.config.cluster]}


def plain_spec(tf):
  tpu, seen = tf.contrib.tpu, []

  def model_fn(features, labels, mode, config, params):
    seen.append([sorted(params.items()), config.tpu_config.num_shards])
    loss = tf.reduce_mean(features["x"] - labels)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.assign_add(tf.train.get_global_step(), 1))

  with own_folder():
    model = tf.estimator.tpu.TPUEstimator(model_fn, "of_plain", tpu.RunConfig(tpu_config=tpu.TPUConfig(num_shards=4)), use_tpu=False,
                                          train_batch_size=2, eval_batch_size=2)
    model.train(_input_fn(tf, seen), steps=2)
    result = model.evaluate(_input_fn(tf, seen), steps=1)
  return {"seen": seen, "result": result}


def settings(tf):
  tpu = tf.contrib.tpu
  made = [tpu.TPUConfig(), tpu.TPUConfig(per_host_input_for_training=False), tpu.TPUConfig(8, 4, None, tpu.InputPipelineConfig.PER_HOST_V2)]
  config = tpu.RunConfig(tf_random_seed=3)
  wrong = [{"num_shards": 0}, {"num_cores_per_replica": 3}, {"input_partition_dims": [1, 2, 3]}, {"input_partition_dims": [[1]]},
           {"eval_training_input_configuration": 1}, {"initial_infeed_sleep_secs": -1}]
  return {"made": made, "config": [config.tf_random_seed, config.replace(tf_random_seed=4).tf_random_seed,
                                   config.replace(tpu_config=made[2]).tpu_config.num_shards, config.tpu_config.num_shards],
          "wrong": [tries(functools.partial(tpu.TPUConfig, **given)) for given in wrong]}


def refused(tf):
  tpu = tf.contrib.tpu
  one, spec = tf.constant(1.0), tpu.TPUEstimatorSpec
  config = tpu.RunConfig(model_dir="none")
  model_fn = _model_fn(tf, [])
  calls = [
    lambda: spec("eval", loss=one, eval_metrics=1),
    lambda: spec("eval", loss=one, eval_metrics=(1,)),
    lambda: spec("eval", loss=one, eval_metrics=(1, [one])),
    lambda: spec("eval", loss=one, eval_metrics=(_mean(tf), one)),
    lambda: spec("eval", loss=one, eval_metrics=(_mean(tf), [one])),
    lambda: spec("train", loss=one, host_call=(1, [one])),
    lambda: tpu.TPUEstimator(model_fn, "none", tf.estimator.RunConfig(), use_tpu=False),
    lambda: tpu.TPUEstimator(model_fn, config=config, use_tpu=False, params={"batch_size": 1}),
    lambda: tpu.CrossShardOptimizer(tf.train.AdamOptimizer(), reduction="none"),
  ]
  return {"errors": [tries(call) for call in calls]}


def optimizer(tf):
  x = tf.get_variable("x", [2], initializer=tf.ones_initializer())
  y = tf.get_variable("y", [], initializer=tf.ones_initializer())
  tf.get_variable("z", [])
  made = tf.contrib.tpu.CrossShardOptimizer(tf.train.MomentumOptimizer(0.1, 0.9))
  step = tf.train.get_or_create_global_step()
  train = made.minimize(tf.reduce_sum(x * y), global_step=step)
  grouped = tf.contrib.tpu.CrossShardOptimizer(tf.train.GradientDescentOptimizer(0.1), group_assignment=[[0]], name="own")
  second = grouped.minimize(tf.reduce_sum(x))
  return {"train": [train.name, second.name], "ops": _ops(tf), "slots": [made.get_slot_names(), made.get_slot(x, "momentum").name],
          "variables": [v.name for v in made.variables()],
          "wrong": tries(lambda: tf.contrib.tpu.CrossShardOptimizer(tf.train.AdamOptimizer(), group_assignment=[1]).compute_gradients(y))}
