"""`tf.estimator`: models as functions, trained, evaluated and asked.

Read spec and estimator first; heads, dnn and linear are the ready-made models. Below
are the sessions and hooks of ``engine/training``.
"""
