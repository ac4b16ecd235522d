"""The prompt: the only place that knows prompt_toolkit.

One file for each organ: `paint` shows the prompt before anything is loaded, `loop`
reads and answers, `prompt` is the line being typed, `turn` runs an entry and shows what
came of it, `commands` is the table of `:commands`, `learn` is the loop of a lesson.
"""
