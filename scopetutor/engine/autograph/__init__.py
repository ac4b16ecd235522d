"""AutoGraph of TF 1.15: Python's own `if` and `while` on tensors become operations.

A call of a function (``calls.py``) finds its source (``sources.py``), rewrites it
(``rewriting.py``: first ``breaks.py``, ``continues.py`` and ``returns.py``, so that
every block has one way out, then ``call_trees.py``, ``blocks.py`` and
``expressions.py``), and calls the result instead. What was rewritten asks the operators
(``conditions.py``, ``loops.py``, ``logic.py``, ``builtins.py``) as it runs: where there
is a tensor they make operations, where there is none they do what Python does.
"""
