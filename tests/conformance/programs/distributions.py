"""tf.distributions: Normal, Uniform, Categorical, Bernoulli, divergences."""

import numpy as np


def normal(tf):
  d = tf.distributions.Normal(loc=[0.0, 1.0], scale=[1.0, 2.0])
  return {
    "one": d.sample(), "some": d.sample(3), "shaped": d.sample([2, 3], seed=4),
    "log_prob": d.log_prob([0.5, 0.5]), "prob": d.prob(0.25), "entropy": d.entropy(),
    "mean": d.mean(), "stddev": d.stddev(), "variance": d.variance(), "mode": d.mode(),
    "batch": str(d.batch_shape), "event": str(d.event_shape), "name": d.name,
    "text": str(d), "repr": repr(d), "dtype": d.dtype.name,
    "batch_tensor": d.batch_shape_tensor(), "scalar": d.is_scalar_batch(),
  }


def normal_by_layers(tf):
  x = tf.placeholder_with_default(np.ones((2, 3), np.float32), [None, 3])
  mu = tf.layers.dense(x, 1, tf.nn.tanh)
  sigma = tf.layers.dense(x, 1, tf.nn.softplus)
  d = tf.contrib.distributions.Normal(tf.squeeze(mu * 2), tf.squeeze(sigma + 0.1), name="policy")
  action = tf.clip_by_value(d.sample(1), -2.0, 2.0)
  value = tf.placeholder_with_default(np.float32(0.3), None)
  return {"action": action, "log_prob": d.log_prob(value), "entropy": d.entropy(),
          "shape": str(action.shape)}


def normal_in_scopes(tf):
  with tf.variable_scope("pi"):
    mu = tf.get_variable("mu", [2])
    with tf.name_scope("dist"):
      d = tf.distributions.Normal(mu, 1.0)
    first = d.log_prob([0.0, 1.0])
  second = d.log_prob([0.0, 1.0], name="lp")
  return {"first": first, "second": second, "name": d.name}


def divergences(tf):
  d = tf.distributions
  a, b = d.Normal(0.0, 1.0), d.Normal([1.0, 2.0], [2.0, 0.5])
  c1, c2 = d.Categorical(logits=[[1.0, 2.0, 3.0]]), d.Categorical(probs=[[0.2, 0.3, 0.5]])
  b1, b2 = d.Bernoulli(logits=[0.5, -1.0]), d.Bernoulli(probs=[0.25, 0.5])
  return {"normal": d.kl_divergence(a, b), "method": b.kl_divergence(a),
          "categorical": d.kl_divergence(c1, c2), "bernoulli": d.kl_divergence(b1, b2),
          "cross": a.cross_entropy(b), "checked": d.kl_divergence(a, b, allow_nan_stats=False)}


def no_divergence(tf):
  d = tf.distributions
  d.kl_divergence(d.Normal(0.0, 1.0), d.Categorical(logits=[1.0, 2.0]))


def categorical(tf):
  d = tf.distributions.Categorical(logits=[[1.0, 2.0, 3.0], [0.0, 0.0, 5.0]])
  p = tf.distributions.Categorical(probs=[0.5, 0.25, 0.25], name="p")
  return {"sample": d.sample(), "some": d.sample(4), "log_prob": d.log_prob([2, 0]),
          "prob": d.prob([1, 1]), "entropy": d.entropy(), "mode": d.mode(),
          "one": p.log_prob(1), "drawn": p.sample(5, seed=3), "size": p.event_size,
          "probs": d.probs, "text": str(p)}


def categorical_unknown(tf):
  logits = tf.placeholder_with_default(np.float32([[1, 2, 3], [0, 0, 5]]), [None, 3])
  d = tf.distributions.Categorical(logits)
  return {"sample": d.sample(2), "log_prob": d.log_prob([2, 0]), "entropy": d.entropy(),
          "batch": d.batch_shape_tensor(), "text": str(d)}


def categorical_of_both(tf):
  tf.distributions.Categorical(logits=[1.0], probs=[1.0])


def bernoulli(tf):
  d = tf.distributions.Bernoulli(probs=[0.2, 0.7])
  e = tf.distributions.Bernoulli(logits=0.5, dtype=tf.float32)
  return {"sample": d.sample(3), "log_prob": d.log_prob([1, 0]), "mean": d.mean(),
          "variance": d.variance(), "mode": d.mode(), "entropy": d.entropy(),
          "e": e.sample(), "e_prob": e.prob(1.0)}


def uniform(tf):
  d = tf.distributions.Uniform(low=[1.0, 2.0], high=[3.0, 6.0])
  return {"sample": d.sample(2), "prob": d.prob([2.0, 7.0]), "log_prob": d.log_prob(2.5),
          "cdf": d.cdf([2.0, 3.0]), "entropy": d.entropy(), "mean": d.mean(),
          "variance": d.variance(), "stddev": d.stddev(), "range": d.range()}


def not_implemented(tf):
  tf.distributions.Normal(0.0, 1.0).covariance()


def wrong_types(tf):
  tf.distributions.Normal(tf.constant(1, tf.float64), tf.constant(1.0))


def validated(tf):
  d = tf.distributions.Normal(0.0, [1.0, 2.0], validate_args=True)
  c = tf.distributions.Categorical(probs=[0.5, 0.5], validate_args=True)
  return {"x": d.log_prob(0.5), "c": c.entropy()}


def copied(tf):
  d = tf.distributions.Normal(0.0, 1.0)
  e = d.copy(scale=3.0)
  return {"x": e.scale, "y": sorted(d.parameters)}


def _of(distribution, value, other):
  """All that a distribution says; what it does not say, as the error."""
  def said(make):
    try:
      return make()
    except NotImplementedError as error:
      return str(error)

  found = {}
  for name in ("log_prob", "prob", "cdf", "log_cdf", "survival_function", "log_survival_function"):
    found[name] = said(lambda: getattr(distribution, name)(value))
  for name in ("entropy", "mean", "variance", "stddev", "mode", "covariance"):
    found[name] = said(lambda: getattr(distribution, name)())
  found["divergence"] = said(lambda: distribution.kl_divergence(other))
  found["seeded"], found["some"] = distribution.sample([2], seed=3), distribution.sample(3)
  found["shapes"] = [distribution.batch_shape_tensor(), distribution.event_shape_tensor()]
  found["text"] = repr(distribution)
  return found


def gamma(tf):
  d = tf.distributions
  return _of(d.Gamma([2.0, 0.5], [[1.0], [3.0]]), [0.5, 1.5], d.Gamma(1.0, 2.0))


def exponential(tf):
  d = tf.distributions
  return _of(d.Exponential([2.0, 0.5], validate_args=True), [0.5, 1.5], d.Exponential(1.0))


def beta(tf):
  d = tf.distributions
  return _of(d.Beta([2.0, 0.5], 3.0), [0.5, 0.25], d.Beta(1.0, 2.0))


def beta_checked(tf):
  d = tf.distributions
  value = tf.placeholder_with_default(np.float32([2.0, 4.0]), None)
  return _of(d.Beta(value, 3.0, validate_args=True, allow_nan_stats=False), 0.3, d.Beta(1.0, 2.0))


def dirichlet(tf):
  d = tf.distributions
  return _of(d.Dirichlet([[2.0, 0.5, 1.5], [2.0, 2.0, 2.0]]), [0.5, 0.25, 0.25], d.Dirichlet([1.0, 2.0, 3.0]))


def dirichlet_checked(tf):
  d = tf.distributions
  checked = d.Dirichlet([2.0, 1.5], validate_args=True, allow_nan_stats=False)
  return _of(checked, [0.5, 0.5], d.Dirichlet([1.0, 2.0]))


def laplace(tf):
  d = tf.distributions
  return _of(d.Laplace([2.0, 0.5], [[1.0], [3.0]], validate_args=True), [0.5, 1.5], d.Laplace(1.0, 2.0))


def student_t(tf):
  d = tf.distributions
  return _of(d.StudentT([3.0, 1.5, 0.5], 1.0, [[1.0], [2.0]]), [0.5, 1.5, -2.0], d.StudentT(1.0, 2.0, 3.0))


def student_t_checked(tf):
  d = tf.distributions
  checked = d.StudentT(3.0, [1.0], 2.0, validate_args=True, allow_nan_stats=False)
  return _of(checked, 0.5, d.StudentT(1.0, 2.0, 3.0))


def one_hot_categorical(tf):
  d = tf.contrib.distributions
  one = d.OneHotCategorical(logits=[[0.1, 0.7, 0.2], [1.0, 0.0, 2.0]], dtype=tf.float32)
  other = d.OneHotCategorical(probs=[0.2, 0.3, 0.5], dtype=tf.float32)
  return dict(_of(one, [0.0, 1.0, 0.0], other), size=one.event_size)


def one_hot_of_unknown_shape(tf):
  d = tf.contrib.distributions
  probs = tf.placeholder_with_default(np.float32([[[0.5, 0.5]]]), None)
  one = d.OneHotCategorical(probs=probs, dtype=tf.float32)
  return {"drawn": one.sample(3, seed=1), "log": one.log_prob([[[0.0, 1.0]]]), "mode": one.mode(), "batch": one.batch_shape_tensor()}
