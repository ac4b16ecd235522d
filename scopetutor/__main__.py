"""Where `scopetutor` starts: the console script, `python -m scopetutor` and the zipapp.

Nothing is imported here but what Python has loaded already. `cli.front` answers what
can be answered at once; the rest of the program is loaded when a command needs it.
"""

import os
import sys

BROKEN_PIPE = 141  # what a shell reports for a program ended by SIGPIPE
INTERRUPTED = 130


def main() -> None:
    """Run the command line and leave with its exit code."""
    from scopetutor.cli.front import answer

    _write_anywhere()
    try:
        code = answer(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        _write_nowhere()  # the reader (`| head`) has seen enough
        code = BROKEN_PIPE
    except OSError as error:
        from scopetutor.cli.leaving import CANNOT_GO_ON, OUTPUT_IS_FULL

        if error.errno not in OUTPUT_IS_FULL:
            raise
        _write_nowhere()
        problem = f"the output cannot be written: {error.strerror}"
        sys.stderr.write(f"scopetutor: {problem}\n")
        code = CANNOT_GO_ON
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)


def _write_nowhere() -> None:
    """Point stdout at nothing, or Python would complain when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write_anywhere() -> None:
    """Write what a terminal or a file has no letter for as its escape.

    A pipe on Windows, or an old locale, has none for a frame or for Chinese.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # as under pythonw
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


if __name__ == "__main__":
    main()
