"""`tf.data`: datasets, the functions they map, and iterators.

Read structure first, then dataset: each transformation adds an operation of
``ops/datasets.py`` and its kin, and an iterator hands the elements to a graph or a
Python loop.
"""
