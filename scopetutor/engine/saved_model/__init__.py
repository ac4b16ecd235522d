"""SavedModels: a graph with its values and signatures in one folder.

The builder writes one, the loader reads it; a `Saver` and the messages of
``meta_graph.py`` do most of the work. Estimators export their models so.
"""
