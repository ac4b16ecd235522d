"""The machine: TensorFlow 1.15's graph, scopes, variables and sessions on NumPy.

Nothing here knows terminals, lessons or text for people.  A newcomer reads
``store.py``, ``scopes.py``, ``variables.py``, ``graph.py``, ``registry.py`` and
``ops/elementwise.py``, in this order.
"""
