"""From the text of an entry to what came of it: the learner's code meets the engine."""
