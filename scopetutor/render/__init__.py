"""Drawings: functions from plain values to Rich text, one drawable per file.

Nothing here prints, reads a terminal or knows the engine. `python -m
scopetutor.render.scope_tree` (or any other file) shows what it draws. The loop in
`repl` and the commands in `cli` come after: they print what is drawn here.
"""
