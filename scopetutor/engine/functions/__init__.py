"""`tf.function` of TF 1.15: Python functions that are traced into graphs.

A call finds out what kind of arguments it has (``signatures.py``), traces the function
once for each kind (``traces.py``), and runs the trace at once or adds an operation that
does (``concrete.py``, with ``slopes.py`` for its gradients). ``defun.py`` keeps the
traces of a function; ``tf_function.py`` lets it make its variables in the first one
(``lifted_variables.py``).
"""
