"""What programs share: a folder of their own, and what calls give or refuse.

``observed.py`` makes it importable for them.  Runs under Python 3.7 with TensorFlow
1.15.5, and with scopetutor.
"""

import contextlib
import functools
import os
import shutil
import tempfile


@contextlib.contextmanager
def own_folder():
    """A temporary folder that is the current one: paths are relative."""
    before, path = os.getcwd(), tempfile.mkdtemp()
    os.chdir(path)
    try:
        yield path
    finally:
        os.chdir(before)
        shutil.rmtree(path)


def whole(error):
    """The class of an error, and all that it says."""
    return "%s: %s" % (type(error).__name__, error)


def first_line(error):
    """The class of an error, and the first line of what it says."""
    return whole(error).split("\n")[0]


def tries(*makes, told=first_line):
    """What each of some functions gives, or its error as `told` tells it."""
    found = []
    for make in makes:
        try:
            found.append(make())
        except Exception as error:
            found.append(told(error))
    return found


tries_whole = functools.partial(tries, told=whole)


def tries_run(tf, *makes):
    """What each of some functions gives when it is run, or its error."""

    def run(make):
        value = make()
        with tf.Session() as session:
            return session.run(value)

    return tries(*[lambda make=make: run(make) for make in makes])
