"""The process around the evaluator: nothing a learner types can hurt the prompt.

The terminal process has `client`, which starts and asks; `server` is the other process,
with the learner's names. Between them go the messages of `protocol`; `journal` keeps
what was typed.
"""
