"""tf.keras: operations between layers that become layers, and losses that are added to models."""

import numpy as np
from keras_alone import alone as _alone
from keras_alone import summary_of as _lines


def operations(tf):
  seen = {}
  with _alone(tf, seen) as keras:
    k = keras.layers
    x = keras.Input((3,))
    y = k.Dense(4)(x) * 2 + 1
    z = tf.concat([y, tf.nn.relu(k.Dense(2)(x))], 1)
    models = [keras.Model(x, k.Dense(1)(z)), keras.Model(x, tf.reduce_sum(z, 1) / 3.0)]
    noise = tf.random_normal(tf.shape(y), seed=3)
    models.append(keras.Model(x, [y + tf.exp(y * 0.5) * noise, y[:, :2]]))
    seen["lines"] = [_lines(m) for m in models]
    seen["names"] = [models[2].output_names, models[2].input_names, [layer.name for layer in models[1].layers]]
    seen["again"] = [t.name for t in tf.contrib.framework.nest.flatten([m(tf.zeros([2, 3])) for m in models])]
    seen["predicted"] = models[1].predict(np.ones((2, 3), np.float32))
  return seen


def held(tf):
  """Variables and constants between layers are computed once."""
  seen = {}
  with _alone(tf, seen) as keras:
    x = keras.Input((2,))
    scale = keras.backend.variable([2.0, 3.0])
    model = keras.Model(x, keras.layers.Activation("relu")(x * scale - tf.constant(1.0)))
    seen["before"] = model.predict(np.ones((1, 2)))
    keras.backend.set_value(scale, [5.0, 6.0])
    seen["after"] = [model.predict(np.ones((1, 2))), keras.backend.get_session().run(model(tf.ones([1, 2])))]
  return seen


def variational(tf):
  seen = {}
  with _alone(tf, seen) as keras:
    k, K = keras.layers, keras.backend

    def sampled(args):
      mean, spread = args
      return mean + K.exp(0.5 * spread) * K.random_normal(shape=(K.shape(mean)[0], 2))

    x = keras.Input((6,))
    h = k.Dense(4, activation="relu")(x)
    mean, spread = k.Dense(2)(h), k.Dense(2)(h)
    z = k.Lambda(sampled, output_shape=(2,))([mean, spread])
    encoder = keras.Model(x, [mean, spread, z], name="encoder")
    code = keras.Input((2,))
    decoder = keras.Model(code, k.Dense(6, activation="sigmoid")(k.Dense(4)(code)), name="decoder")
    out = decoder(encoder(x)[2])
    vae = keras.Model(x, out, name="vae")
    rebuilt = keras.losses.binary_crossentropy(x, out) * 6
    far = K.sum(1 + spread - K.square(mean) - K.exp(spread), axis=-1) * -0.5
    vae.add_loss(K.mean(rebuilt + far))
    vae.compile(optimizer="adam")
    seen["lines"] = _lines(vae)
    data = np.random.RandomState(0).rand(8, 6).astype(np.float32)
    seen["losses"] = vae.fit(data, epochs=2, batch_size=4, verbose=0).history
    seen["names"] = [v.name for v in vae.trainable_weights]
    seen["added"] = [t.name for t in vae.losses]
  return seen
