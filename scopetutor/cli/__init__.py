"""The command line: one file per command, all of them listed in `table`."""
