"""`tf.feature_column`: how raw features become the inputs of a model.

Read columns first. A column says how to parse a feature and what to make of it;
input_layer and linear_model put columns together, mostly for estimators.
"""
