"""tf.keras callbacks that write files: checkpoints of the best epochs, tables of metrics."""

import contextlib
import io
import os
import re

import numpy as np
from keras_alone import alone as _alone
from said import own_folder, tries


def _data():
  random = np.random.RandomState(1)
  return random.rand(12, 3).astype(np.float32), random.rand(12, 1).astype(np.float32)


def _model(keras):
  model = keras.Sequential([keras.layers.Dense(4, input_shape=(3,)), keras.layers.Dense(1)])
  model.compile("sgd", "mse", metrics=["mae"])
  return model


def checkpoints(tf):
  seen = {}
  with own_folder(), _alone(tf, seen) as keras:
    k = keras.callbacks
    model = _model(keras)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
      model.fit(*_data(), epochs=3, verbose=0, callbacks=[k.ModelCheckpoint("each-{epoch:02d}", verbose=1, save_weights_only=True)])
      model.fit(*_data(), epochs=4, verbose=0, callbacks=[k.ModelCheckpoint("best", monitor="loss", verbose=1, save_best_only=True, save_weights_only=True),
                                                           k.ModelCheckpoint("rare-{epoch}", save_weights_only=True, period=2),
                                                           k.ModelCheckpoint("much-{epoch}", save_weights_only=True, save_freq=20, mode="max")])
      model.fit(*_data(), validation_data=_data(), epochs=2, verbose=0, callbacks=[k.ModelCheckpoint("v-{val_loss:.1f}", save_best_only=True, save_weights_only=True, mode="max", verbose=1)])
    seen["said"] = re.sub(r"\d\.\d{5}", "*", out.getvalue()).split("\n")
    seen["files"] = sorted(name for name in os.listdir(".") if name.endswith(".index"))
    model.load_weights("best")
    seen["loss"] = np.round(model.evaluate(*_data(), verbose=0), 4).tolist()
    seen["errors"] = tries(lambda: k.ModelCheckpoint("x", save_freq="often"))
  del seen["graph"]
  return seen


def tables(tf):
  seen = {}
  with own_folder(), _alone(tf, seen) as keras:
    model = _model(keras)
    model.fit(*_data(), epochs=2, verbose=0, callbacks=[keras.callbacks.CSVLogger("log.csv")])
    model.fit(*_data(), epochs=1, verbose=0, callbacks=[keras.callbacks.CSVLogger("log.csv", append=True), keras.callbacks.CSVLogger("other.tsv", separator="\t")])
    for name in ("log.csv", "other.tsv"):
      with open(name, newline="") as file:
        seen[name] = re.sub(r"\d\.\d+", "*", file.read())
  del seen["graph"]
  return seen
