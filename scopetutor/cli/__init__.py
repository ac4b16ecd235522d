"""The command line: one file per command, all of them listed in `table`.

`front` meets a command line first and answers what needs nothing loaded; `app` builds
the one command that was asked for. Commands call the rooms below and print what
`render` draws.
"""
