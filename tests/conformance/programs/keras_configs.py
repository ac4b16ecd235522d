"""tf.keras models as data and back: get_config, to_json, from_config, clone_model, custom objects."""

import json

import numpy as np
from keras_alone import alone as _alone
from keras_alone import summary_of as _lines
from said import tries_whole


def sequential(tf):
  seen = {}
  with _alone(tf, seen) as keras:
    k = keras.layers
    model = keras.Sequential([k.Conv2D(4, 3, activation="relu", input_shape=(8, 8, 1), kernel_regularizer="l2"), k.BatchNormalization(), k.MaxPooling2D(), k.Flatten(),
                              k.Dropout(0.5), k.Dense(3, activation="softmax", kernel_initializer="he_normal", bias_constraint="non_neg")])
    text = model.to_json()
    seen["json"] = text
    again = keras.models.model_from_json(text)
    seen["lines"] = _lines(again)
    seen["same"] = json.loads(again.to_json()) == json.loads(text)
    seen["clone"] = [w.name for w in keras.models.clone_model(model).weights]
    late = keras.Sequential([k.Dense(2), k.LSTM(3) if False else k.Activation("tanh")], name="late")
    late.build((None, 3))
    seen["late"] = [json.dumps(late.get_config()), [w.name for w in keras.Sequential.from_config(late.get_config()).weights]]
  return seen


def recurrent(tf):
  seen = {}
  with _alone(tf, seen) as keras:
    k = keras.layers
    model = keras.Sequential([k.Embedding(10, 4, input_length=5), k.Bidirectional(k.LSTM(3, return_sequences=True)), k.TimeDistributed(k.Dense(2)), k.GRU(2, reset_after=True),
                              k.RepeatVector(2), k.RNN([k.LSTMCell(2), k.GRUCell(3)]), k.LayerNormalization(), k.PReLU(), k.LeakyReLU(0.25)])
    text = model.to_json(sort_keys=True, indent=1)
    seen["json"] = text
    again = keras.models.model_from_json(text)
    seen["lines"] = _lines(again)
    seen["same"] = again.to_json(sort_keys=True, indent=1) == text
  return seen


def functional(tf):
  seen = {}
  with _alone(tf, seen) as keras:
    k = keras.layers
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    shared = k.Dense(3, name="shared")
    inner = keras.Model(a, k.Dense(2)(a), name="inner")
    joined = k.concatenate([shared(a), shared(b), inner(b)])
    states = k.GRU(3)(k.Reshape((4, 1))(a), initial_state=shared(b))
    model = keras.Model([a, b], [k.Dense(1, name="out")(joined), k.add([states, states])], name="two")
    text = model.to_json()
    seen["json"] = text
    again = keras.models.model_from_json(text)
    seen["lines"] = _lines(again)
    seen["same"] = json.loads(again.to_json()) == json.loads(text)
    clone = keras.models.clone_model(model)
    seen["clone"] = [clone.name, [w.name for w in clone.weights], [t.name for t in clone.outputs]]
    other = keras.models.clone_model(inner, input_tensors=tf.ones([2, 4]))
    seen["on"] = [t.name for t in other.outputs]
    doubled = keras.models.clone_model(inner, clone_function=lambda layer: k.Dense(5))
    seen["doubled"] = str(doubled.output_shape)
  return seen


def own_classes(tf):
  seen = {}
  with _alone(tf, seen) as keras:

    class Scaled(keras.layers.Layer):

      def __init__(self, factor=1.0, **kwargs):
        super(Scaled, self).__init__(**kwargs)
        self.factor = factor

      def call(self, inputs):
        return inputs * self.factor

      def get_config(self):
        config = super(Scaled, self).get_config()
        config["factor"] = self.factor
        return config

    def swish(x):
      return x * tf.sigmoid(x)

    model = keras.Sequential([keras.layers.Dense(2, activation=swish, input_shape=(3,)), Scaled(2.0)])
    text = model.to_json()
    seen["json"] = text
    seen["errors"] = tries_whole(lambda: keras.models.model_from_json(text), lambda: keras.models.model_from_config([]), lambda: keras.layers.deserialize({"class_name": "X", "config": {}}),
                                 lambda: keras.layers.deserialize({"class_name": "X"}), lambda: keras.Model().get_config())
    again = keras.models.model_from_json(text, custom_objects={"Scaled": Scaled, "swish": swish})
    with keras.utils.CustomObjectScope({"Scaled": Scaled, "swish": swish}):
      seen["factors"] = [again.layers[1].factor, keras.models.model_from_json(text).layers[1].factor]
    keras.utils.get_custom_objects()["swish"] = swish
    seen["named"] = keras.layers.Activation("swish")(tf.ones([1])).name
    keras.utils.get_custom_objects().clear()
    layer = keras.layers.deserialize(keras.layers.serialize(keras.layers.Dense(4, name="four")))
    seen["layer"] = [layer.name, layer.units]
  return seen
