"""tf.keras: models that are compiled, trained, evaluated and asked; their operations and what they print."""

import contextlib
import io
import re

import numpy as np
from keras_alone import alone as _alone
from said import tries


def _x(*shape):
  return np.random.RandomState(0).randn(*shape).astype(np.float32)


def _printed(make):
  """What a function gives, and what it prints, without times."""
  out = io.StringIO()
  with contextlib.redirect_stdout(out):
    found = make()
  text = re.sub(r"\d+(ms|us|s)/(sample|step)|ETA: [\d:]+s?| \d+s ", "*", out.getvalue().replace("\b", ""))
  return found, [line.split("\r")[-1].rstrip() for line in text.split("\n")]


def classes(tf):
  seen = {}
  with _alone(tf, seen) as k:
    model = k.Sequential([k.layers.Dense(4, activation="relu", input_shape=(3,)), k.layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = _x(20, 3), np.arange(20) % 3
    history, printed = _printed(lambda: model.fit(x, y, epochs=3, batch_size=8, verbose=2))
    seen.update(history=history.history, epoch=history.epoch, printed=printed, params=history.params, names=model.metrics_names)
    seen["evaluated"], seen["bar"] = _printed(lambda: model.evaluate(x, y, batch_size=20))
    seen["predicted"] = [model.predict(x[:5], batch_size=2), model.predict_classes(x[:5]), model.predict_proba(x[:2])]
    seen["batch"] = [model.predict_on_batch(x[:2]), model.test_on_batch(x, y), model.train_on_batch(x, y), model.test_on_batch(x, y)]
    seen["weights"] = model.get_weights()
    seen["optimizer"] = [[w.name for w in model.optimizer.weights], model.optimizer.get_config(), model.optimizer.lr.name]
  return seen


def one_hot(tf):
  seen = {}
  with _alone(tf, seen) as k:
    model = k.Sequential([
      k.layers.Conv2D(3, 3, input_shape=(6, 6, 1), activation="relu"), k.layers.BatchNormalization(), k.layers.MaxPooling2D(),
      k.layers.Flatten(), k.layers.Dropout(0.5), k.layers.Dense(3, activation="softmax")])
    model.compile(k.optimizers.SGD(0.1, momentum=0.9, nesterov=True), k.losses.categorical_crossentropy, [k.metrics.categorical_accuracy, "ce"])
    x, y = _x(12, 6, 6, 1), k.utils.to_categorical(np.arange(12) % 3, 3)
    seen["history"] = model.fit(x, y, epochs=2, batch_size=5, verbose=0, shuffle=False).history
    seen["evaluated"] = model.evaluate(x, y, verbose=0)
    seen["names"] = model.metrics_names
  return seen


def averages(tf):
  seen = {}
  with _alone(tf, seen) as k:
    taken = k.Input((3,))
    norm = k.layers.BatchNormalization(momentum=0.9)
    model = k.Model(taken, k.layers.Dense(1)(norm(k.layers.Dense(4, activation="tanh")(taken))))
    model.compile("sgd", "mse")
    x, y = _x(12, 3), _x(12, 1)
    seen["history"] = model.fit(x, y, epochs=2, batch_size=6, verbose=0, shuffle=False).history
    seen["weights"] = norm.get_weights()
    seen["evaluated"] = model.evaluate(x, y, verbose=0)
    seen["updates"] = [[op.name for op in model.get_updates_for(inputs)] for inputs in (taken, None)]
  return seen


def binary(tf):
  seen = {}
  with _alone(tf, seen) as k:
    model = k.Sequential([k.layers.Dense(4, input_dim=3, activation="tanh", kernel_regularizer=k.regularizers.l2(0.01)), k.layers.Dense(1, activation="sigmoid")])
    model.compile(loss="binary_crossentropy", optimizer="rmsprop", metrics=["acc"])
    x = _x(30, 3)
    y = (x.sum(1) > 0).astype(np.float32)
    history, printed = _printed(lambda: model.fit(x, y, epochs=6, batch_size=10, validation_split=0.2, verbose=2,
                                                  callbacks=[k.callbacks.EarlyStopping(monitor="val_loss", patience=1, min_delta=0.5, verbose=1)]))
    seen.update(history=history.history, printed=printed)
    seen["more"] = model.fit(x, y, initial_epoch=2, epochs=4, validation_data=(x[:5], y[:5]), verbose=0).history
  return seen


def numbers(tf):
  seen = {}
  with _alone(tf, seen) as k:
    model = k.Sequential([k.layers.Dense(2, input_shape=(3,))])
    model.compile(k.optimizers.SGD(lr=0.05, decay=0.1, clipvalue=0.5), "mse", metrics=["mae", "mean_squared_logarithmic_error", k.metrics.MeanSquaredError(name="own")])
    x = _x(16, 3)
    y = np.stack([x.sum(1), x[:, 0]], 1)
    schedule = k.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5, verbose=1)
    events = []
    lambdas = k.callbacks.LambdaCallback(on_epoch_begin=lambda e, logs: events.append(("epoch", e)), on_batch_end=lambda b, logs: events.append((b, sorted(logs))),
                                         on_train_end=lambda logs: events.append("end"))
    history, printed = _printed(lambda: model.fit(x, y, epochs=2, batch_size=7, verbose=2, shuffle=False, callbacks=[schedule, lambdas]))
    seen.update(history=history.history, printed=printed, events=[list(one) if isinstance(one, tuple) else one for one in events])
    seen["weights"] = model.get_weights()
  return seen


def several(tf):
  seen = {}
  with _alone(tf, seen) as k:
    a, b = k.Input((3,), name="a"), k.Input((2,), name="b")
    h = k.layers.Dense(4, activation="relu", name="h")(k.layers.concatenate([a, b]))
    model = k.Model([a, b], [k.layers.Dense(1, name="n")(h), k.layers.Dense(3, activation="softmax", name="c")(h)])
    model.compile("adagrad", {"n": "mse", "c": "sparse_categorical_crossentropy"}, metrics={"c": ["accuracy"], "n": "mae"}, loss_weights={"n": 0.5, "c": 2.0})
    x, z = _x(12, 3), _x(12, 2)
    y = {"n": x[:, 0], "c": np.arange(12) % 3}
    history, printed = _printed(lambda: model.fit({"a": x, "b": z}, y, epochs=2, batch_size=6, verbose=2, shuffle=False))
    seen.update(history=history.history, printed=printed, names=model.metrics_names)
    seen["evaluated"] = model.evaluate([x, z], [y["n"], y["c"]], verbose=0)
    seen["predicted"] = model.predict([x[:2], z[:2]])
  return seen


def _embedded(tf, optimizer):
  seen = {}
  with _alone(tf, seen) as k:
    model = k.Sequential([k.layers.Embedding(6, 2, input_length=4), k.layers.Flatten(), k.layers.Dense(1)])
    model.compile(optimizer(k), "mse")
    x = np.random.RandomState(0).randint(0, 6, (10, 4))
    seen["history"] = model.fit(x, x.sum(1), epochs=2, batch_size=4, verbose=0, shuffle=False).history
    seen["weights"] = model.get_weights()
    seen["config"] = model.optimizer.get_config()
  return seen


def rows_by_adam(tf):
  return _embedded(tf, lambda k: k.optimizers.Adam(0.01, amsgrad=True))


def rows_by_adamax(tf):
  return _embedded(tf, lambda k: k.optimizers.Adamax(0.01, decay=0.1))


def rows_by_rmsprop(tf):
  return _embedded(tf, lambda k: k.optimizers.RMSprop(0.01, centered=True))


def rows_by_momentum(tf):
  return _embedded(tf, lambda k: k.optimizers.RMSprop(0.01, momentum=0.5))


def rows_by_sgd(tf):
  return _embedded(tf, lambda k: k.optimizers.SGD(0.01))


def rows_by_sgd_with_momentum(tf):
  return _embedded(tf, lambda k: k.optimizers.SGD(0.01, momentum=0.9))


def rows_by_adagrad(tf):
  return _embedded(tf, lambda k: k.optimizers.Adagrad(0.1))


def rows_by_adadelta(tf):
  return _embedded(tf, lambda k: k.optimizers.Adadelta(1.0))


def by_tf_train(tf):
  seen = {}
  with _alone(tf, seen) as k:
    model = k.Sequential([k.layers.Dense(2, activation="relu", input_shape=(3,)), k.layers.Dense(1)])
    model.compile(optimizer=tf.train.AdamOptimizer(0.01), loss=lambda y, z: tf.reduce_mean(tf.abs(y - z), axis=-1), metrics=["mse"])
    x = _x(10, 3)
    seen["history"] = model.fit(x, x[:, :1], epochs=2, batch_size=4, verbose=0).history
  return seen


def weighed(tf):
  seen = {}
  with _alone(tf, seen) as k:
    model = k.Sequential([k.layers.Dense(3, activation="softmax", input_shape=(3,))])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"], weighted_metrics=["accuracy"])
    x, y = _x(12, 3), np.arange(12) % 3
    seen["plain"] = model.evaluate(x, y, verbose=0)
    seen["history"] = model.fit(x, y, sample_weight=np.arange(12) / 6.0, epochs=1, verbose=0).history
    seen["classes"] = model.fit(x, y, class_weight={0: 1.0, 1: 2.0, 2: 0.5}, epochs=1, verbose=0).history
    seen["evaluated"] = model.evaluate(x, y, sample_weight=np.ones(12), verbose=0)
    seen["names"] = model.metrics_names
  return seen


def shapes_from_data(tf):
  seen = {}
  with _alone(tf, seen) as k:
    model = k.Sequential([k.layers.Dense(4, activation="relu"), k.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"])
    x = _x(8, 3)
    seen["history"] = model.fit(x, x[:, 0], epochs=2, verbose=0).history
    seen["names"] = [model.input_names, model.output_names, model.metrics_names, [v.name for v in model.weights]]
  return seen


def of_generators(tf):
  seen = {}
  with _alone(tf, seen) as k:
    model = k.Sequential([k.layers.Dense(1, input_shape=(3,))])
    model.compile("sgd", "mse", metrics=["mae"])
    x = _x(8, 3)

    def batches():
      while True:
        for i in range(4):
          yield x[2 * i:2 * i + 2], x[2 * i:2 * i + 2, 0]

    history, printed = _printed(lambda: model.fit_generator(batches(), steps_per_epoch=3, epochs=2, verbose=2))
    seen.update(history=history.history, printed=printed, evaluated=model.evaluate_generator(batches(), steps=2), predicted=model.predict_generator(batches(), steps=1))
  return seen


def plateau(tf):
  seen = {}
  with _alone(tf, seen) as k:
    model = k.Sequential([k.layers.Dense(1, input_shape=(3,))])
    model.compile("adam", "mse")
    x = _x(8, 3)
    calls = [k.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=1, min_delta=10.0, verbose=1), k.callbacks.TerminateOnNaN()]
    history, printed = _printed(lambda: model.fit(x, x[:, 0], epochs=4, verbose=0, callbacks=calls))
    seen.update(history=history.history, printed=printed)
    best = k.callbacks.EarlyStopping("loss", patience=0, min_delta=100.0, restore_best_weights=True, mode="min")
    seen["stopped"] = model.fit(x, x[:, 0], epochs=4, verbose=0, callbacks=[best]).epoch
    broken, printed = _printed(lambda: model.fit(x * np.nan, x[:, 0], epochs=3, batch_size=4, verbose=0, callbacks=[k.callbacks.TerminateOnNaN()]))
    seen["broken"] = [broken.epoch, printed]
  return seen


def loss_functions(tf):
  k = tf.keras.losses
  y = tf.constant([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
  p = tf.constant([[0.2, 0.5, 0.3], [0.6, 0.3, 0.1]])
  names = ("mean_squared_error mean_absolute_error mean_absolute_percentage_error mean_squared_logarithmic_error squared_hinge hinge categorical_hinge logcosh "
           "categorical_crossentropy binary_crossentropy kullback_leibler_divergence poisson cosine_proximity")
  found = {name: getattr(k, name)(y, p) for name in names.split()}
  found["sparse"] = k.sparse_categorical_crossentropy(tf.constant([1, 0]), p)
  found["sparse_column"] = k.sparse_categorical_crossentropy(tf.constant([[1], [0]]), p, from_logits=True)
  found["smooth"] = k.categorical_crossentropy(y, p, label_smoothing=0.1)
  found["logits"] = k.binary_crossentropy(y, p, from_logits=True, label_smoothing=0.2)
  found["softmax"] = k.categorical_crossentropy(y, tf.nn.softmax(p))
  found["sigmoid"] = k.binary_crossentropy(y, tf.sigmoid(p))
  for name in "MeanSquaredError Huber BinaryCrossentropy CategoricalCrossentropy Hinge LogCosh Poisson KLDivergence CosineSimilarity".split():
    found[name] = getattr(k, name)()(y, p)
  found["sum"] = k.MeanAbsoluteError(reduction="sum")(y, p, sample_weight=[1.0, 0.5])
  found["none"] = k.MeanAbsoluteError(reduction="none", name="mine")(y, p)
  found["errors"] = tries(lambda: k.MeanSquaredError("no"), lambda: k.get("no"), lambda: k.get(3), lambda: k.get("mse").__name__,
                          lambda: k.get({"class_name": "Huber", "config": {"delta": 2.0}}).get_config())
  return found


def metric_functions(tf):
  k = tf.keras.metrics
  y, p = tf.constant([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]), tf.constant([[0.2, 0.5, 0.3], [0.1, 0.3, 0.6]])
  mean, total, right = k.Mean(), k.Sum(name="mine"), k.CategoricalAccuracy()
  found = {"binary": k.binary_accuracy(y, p), "categorical": k.categorical_accuracy(y, p), "sparse": k.sparse_categorical_accuracy(tf.constant([[1.0], [2.0]]), p),
           "top": k.top_k_categorical_accuracy(y, p, k=2), "sparse_top": k.sparse_top_k_categorical_accuracy(tf.constant([[1.0], [0.0]]), p, k=2)}
  calls = [mean([1.0, 2.0, 6.0]), total([1.0, 2.0], sample_weight=[1.0, 3.0]), right(y, p), k.BinaryAccuracy(threshold=0.4)(y, p)]
  with tf.Session() as session:
    session.run([op for op in tf.get_default_graph().get_operations() if op.type == "AssignVariableOp" and op.name.endswith("/Assign")])
    found["called"] = [session.run(calls), session.run(calls[:2])]
  found["names"] = [mean.name, total.name, right.name, [v.name for v in mean.variables], right.get_config()]
  found["collections"] = len(tf.global_variables())
  found["errors"] = tries(lambda: k.get("no"), lambda: k.get(3))
  return found


def optimizer_settings(tf):
  o = tf.keras.optimizers
  made = [o.SGD(0.1, 0.5), o.Adam(lr=0.2), o.RMSprop(rho=0.5), o.Adagrad(), o.Adadelta(rho=0.5), o.get("adam"), o.get({"class_name": "sgd", "config": {"lr": 0.3}})]
  return {"configs": [one.get_config() for one in made], "kinds": [type(one).__name__ for one in made],
          "errors": tries(lambda: o.SGD(momentum=2), lambda: o.Adam(nothing=1), lambda: o.SGD(clipnorm=-1), lambda: o.get("no"), lambda: o.get(3), lambda: o.SGD(decay=-1),
                          lambda: o.Adagrad(initial_accumulator_value=-1.0))}


def refused(tf):
  k = tf.keras
  x, y = _x(6, 3), np.arange(6) % 3

  def model(loss="sparse_categorical_crossentropy", compiled=True, **kwargs):
    made = k.Sequential([k.layers.Dense(3, activation="softmax", input_shape=(3,), name="d")])
    if compiled:
      made.compile("sgd", loss, **kwargs)
    return made

  with tf.Graph().as_default():
    return {"errors": tries(
      lambda: model(compiled=False).fit(x, y), lambda: model().fit(x[:, :2], y, verbose=0), lambda: model().fit(x, y[:3], verbose=0), lambda: model("no"),
      lambda: model("categorical_crossentropy").fit(x, y, verbose=0), lambda: model("mse").fit(x, _x(6, 2), verbose=0), lambda: model(metrics=["no"]), lambda: model(metrics="acc"),
      lambda: model(loss_weights=3), lambda: model(loss_weights=[1, 2]), lambda: model(["mse", "mae"]), lambda: model(None), lambda: model({"other": "mse"}),
      lambda: model().fit([x, x], y, verbose=0).epoch, lambda: model().predict(x[None]), lambda: model().fit(x, y, class_weight={0: 1.0}, verbose=0),
      lambda: model().fit(x, y, sample_weight=np.ones((6, 2)), verbose=0), lambda: model().fit(x, y, sample_weight=np.ones(3), verbose=0))}
