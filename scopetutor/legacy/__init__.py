"""Old TensorFlow 1 scripts: run them unchanged, and see the variables they make.

Comes after the workspace, which does the running, and before `render` and `cli`, which
show what came out.
"""
