"""The process around the evaluator: nothing a learner types can hurt the prompt."""
