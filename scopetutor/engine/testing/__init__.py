"""`tf.test`: test cases that have a graph and a session of their own.

containers.py  assertions on texts and containers
checks.py      assertions on arrays, protocol messages and errors
case.py        the test case: sessions, `evaluate`, threads
modes.py       decorators that run a test as a graph, at once, or both
"""
