"""`scopetutor run`: the script behaves as under Python, and TensorFlow is ours."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from scopetutor.errors import ScriptError, UsageError
from scopetutor.legacy import launch
from scopetutor.legacy.order import Order

if TYPE_CHECKING:
    from collections.abc import Callable

LINEAR = """
import sys
import numpy as np
import tensorflow as tf
import beside
x = tf.placeholder(tf.float32, [None, 3])
w = tf.Variable(tf.ones([3, 1]), name="w")
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print(sess.run(tf.matmul(x, w), {x: np.ones([1, 3], dtype=np.float)}))
print(__name__, __file__ == sys.argv[0], sys.argv[1:], beside.VALUE)
print(input())
"""


def test_a_script_has_its_name_arguments_folder_and_stdin(
    script: Callable[..., str], scopetutor: Callable[..., Any]
) -> None:
    """An unchanged script finds all it finds under Python, even options like ours."""
    script("VALUE = 7\n", "beside.py")

    done = scopetutor("run", script(LINEAR), "--help", "-n", "3", stdin="typed\n")

    assert (done.code, done.err) == (0, "")
    assert done.out == "[[3.]]\n__main__ True ['--help', '-n', '3'] 7\ntyped\n"


def test_the_exit_code_is_the_scripts(
    script: Callable[..., str], scopetutor: Callable[..., Any]
) -> None:
    """`sys.exit(3)` leaves with 3, and its text goes to stderr."""
    assert scopetutor("run", script("import sys; sys.exit(3)")).code == 3

    done = scopetutor("run", script("import sys; sys.exit('no data')"))

    assert (done.code, done.err) == (1, "no data\n")


def test_an_exception_shows_only_the_scripts_own_lines(
    script: Callable[..., str], scopetutor: Callable[..., Any]
) -> None:
    """Python's traceback, without a line of scopetutor's; the exit code is 1."""
    text = """import tensorflow as tf
def product(a):
    return tf.matmul(a, a)
product(tf.zeros([2, 3]))
"""
    done = scopetutor("run", script(text))

    assert done.code == 1
    assert "scopetutor" not in done.err.replace(os.getcwd(), "")
    assert "line 4, in <module>" in done.err
    assert "line 3, in product" in done.err
    assert done.err.endswith("input shapes: [2,3], [2,3].\n")


def test_errors_of_operations_name_the_line_that_made_them(
    script: Callable[..., str], scopetutor: Callable[..., Any]
) -> None:
    """TF 1.15: [[node NAME (defined at FILE:LINE) ]], the script's own line."""
    path = script("""import tensorflow as tf
def make():
    return tf.get_variable("w", [2])
w = make()
tf.Session().run(w + 1)
""")
    done = scopetutor("run", path)

    assert f"[[node w/read (defined at {path}:3) ]]" in done.err


def test_errors_of_operations_have_tensorflows_names(
    script: Callable[..., str], scopetutor: Callable[..., Any]
) -> None:
    """An error's class is spelt as TensorFlow 1.15 spells it."""
    text = """import tensorflow as tf
v = tf.Variable(1.0, name="v")
tf.Session().run(v)
"""
    done = scopetutor("run", script(text))

    assert (
        "\ntensorflow.python.framework.errors_impl.FailedPreconditionError: "
        "Attempting to use uninitialized value v" in done.err
    )


def test_what_is_not_covered_is_said_once_at_the_end(
    script: Callable[..., str], scopetutor: Callable[..., Any]
) -> None:
    """Every absent name of the script with its lines, reached or not."""
    text = """import tensorflow as tf
from tensorflow.contrib import specs
tf.contrib.specs
def later():
    return tf.contrib.specs.eval_spec, tf.contrib.timeseries.ARRegressor
"""
    done = scopetutor("run", script(text))

    assert done.code == 1
    table = done.err.partition("Used by the script, and not in scopetutor:\n")[2]
    assert [line.split()[0] for line in table.splitlines()] == [
        "tf.contrib.specs",
        "tf.contrib.specs.eval_spec",
        "tf.contrib.timeseries.ARRegressor",
    ]
    assert "script.py:2, 3\n" in table


@pytest.mark.parametrize(
    ("use", "line"),
    [
        ("load_model('x')", 4),
        ("load_model.x", 4),
        ("class Mine(load_model): pass", 4),
        ("from tensorflow.keras.models import Model\nload_model('x')", 5),
    ],
)
def test_what_is_imported_and_not_covered_fails_where_it_is_used(
    script: Callable[..., str], scopetutor: Callable[..., Any], use: str, line: int
) -> None:
    """The import is fine, as under TensorFlow; the error has the line of the use."""
    text = f"""import tensorflow as tf
from tensorflow.keras.models import Sequential, load_model
print(load_model)
{use}
"""
    done = scopetutor("run", script(text))

    assert (done.code, done.out) == (
        1,
        "<tf.keras.models.load_model, not in scopetutor>\n",
    )
    assert f"line {line}, in <module>" in done.err
    assert (
        "AttributeError: tf.keras.models.load_model is in TensorFlow 1.15" in done.err
    )


def test_a_name_that_tensorflow_does_not_have_is_not_imported(
    script: Callable[..., str], scopetutor: Callable[..., Any]
) -> None:
    """Who asks for it and expects an ImportError gets one."""
    text = """try:
    from tensorflow import no_such_name
except ImportError:
    print("older")
"""
    done = scopetutor("run", script(text))

    assert (done.code, done.out) == (0, "older\n")


def test_a_missing_package_is_named_with_how_to_get_it(
    script: Callable[..., str], scopetutor: Callable[..., Any]
) -> None:
    """A package that is not installed is not scopetutor's; how to install it is."""
    done = scopetutor("run", script("import no_such_package.inner"))

    assert done.code == 1
    assert "-m pip install no_such_package\n" in done.err


def test_a_package_is_named_as_it_is_installed(
    script: Callable[..., str], scopetutor: Callable[..., Any]
) -> None:
    """`import cv2` needs opencv-python; a package's own module needs its package."""
    text = "raise ModuleNotFoundError('no cv2', name='cv2.inner')"
    assert "-m pip install opencv-python\n" in scopetutor("run", script(text)).err

    done = scopetutor("run", script("from .models import net"))
    assert done.code == 1
    assert "runpy.run_module" in done.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # Statements that Python 3 cannot read, all of them at once.
        ('print "a"\ntry: pass\nexcept E, e: pass\n', "except X, e (line 3)"),
        ("x = 0777\n", "octal numbers like 0777 (line 1)"),
        ("if a <> b: pass\n", "<> (line 1)"),
        ("if 1:\n        a = 1\n\tb = 2\n", "tabs and spaces are mixed"),
        # Not Python 2 either.
        ("x = = 1\n", "invalid syntax: x = = 1"),
    ],
)
def test_a_script_that_python_3_cannot_read_is_refused_in_a_sentence(
    script: Callable[..., str], text: str, said: str
) -> None:
    """File, line, what it is and what to write; nothing is run."""
    with pytest.raises(ScriptError) as caught:
        launch.run(Order(script(text)))

    assert said in caught.value.problem
    assert caught.value.place.rpartition(":")[2].isdigit()


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("for i in xrange(3): pass", "Python 3 has range"),
        ("{}.iteritems()", "Python 3 has items"),
        ("import cPickle", "Python 3 has pickle"),
        ("import urllib2", "Python 3 has urllib.request"),
    ],
)
def test_names_of_python_2_come_with_those_of_python_3(
    script: Callable[..., str],
    scopetutor: Callable[..., Any],
    text: str,
    advice: str,
) -> None:
    """What fails on a name of Python 2 is told the one that Python 3 has."""
    done = scopetutor("run", script(text))

    assert done.code == 1
    assert advice in done.err


def test_py2_rewrites_the_script_and_the_modules_beside_it(
    script: Callable[..., str], scopetutor: Callable[..., Any]
) -> None:
    """Python 2 runs after --py2, and the files stay as they are."""
    pytest.importorskip("fissix")
    module = script("def double(x):\n\tprint 'two times', x\n\treturn 2 * x\n", "m.py")
    text = "import m\nfor k, v in {1: 2}.iteritems():\n    print k, m.double(v)\n"

    done = scopetutor("run", "--py2", script(text))

    assert (done.code, done.out) == (0, "two times 2\n1 4\n")
    with open(module) as file:
        assert "print 'two times', x" in file.read()


def test_py2_leaves_python_3_alone(
    script: Callable[..., str], scopetutor: Callable[..., Any]
) -> None:
    """A script that has print(…, end=…) is read as it is."""
    pytest.importorskip("fissix")

    done = scopetutor("run", "--py2", script("print(1, 2, end='.')\n"))

    assert (done.code, done.out) == (0, "1 2.")


@pytest.mark.parametrize("text", ["while True: pass", "import time; time.sleep(99)"])
def test_ctrl_c_ends_an_endless_script(script: Callable[..., str], text: str) -> None:
    """Ctrl-C says where it was; the exit code is 130."""
    process = _started(script(f"print('on', flush=True)\n{text}"))

    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)

    assert process.returncode == 130
    assert err.endswith("script.py:2.\n")


def test_ctrl_c_twice_ends_a_script_that_swallows_it(
    script: Callable[..., str],
) -> None:
    """A bare `except:` in a loop cannot keep a script alive."""
    text = """
import time
while True:
    try:
        print("on", flush=True)
        time.sleep(99)
    except:
        pass
"""
    process = _started(script(text))
    process.send_signal(signal.SIGINT)
    assert process.stdout is not None
    assert process.stdout.readline() == "on\n"
    process.send_signal(signal.SIGINT)

    assert process.wait(20) == 130
    process.communicate()


def _started(path: str) -> subprocess.Popen[str]:
    """A script that has printed its first line."""
    process = subprocess.Popen(
        [sys.executable, "-m", "scopetutor", "run", path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "on\n"
    time.sleep(0.05)
    return process


def test_a_reader_that_has_seen_enough_ends_the_script(
    script: Callable[..., str],
) -> None:
    """`scopetutor run … | head` says nothing more than its first lines."""
    process = _started(script('print("on")\nwhile True: print("more", flush=True)'))
    assert process.stdout is not None
    process.stdout.close()

    assert process.wait(20) == 141
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()


def test_where_a_process_cannot_become_another_the_code_is_passed_on(
    script: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows: the script runs below, and its exit code comes back."""
    monkeypatch.setattr(launch, "CAN_BECOME", False)

    assert launch.run(Order(script("import sys; sys.exit(5)"))) == 5


def test_confined_scripts_write_only_where_they_are(
    script: Callable[..., str], scopetutor: Callable[..., Any], tmp_path: Any
) -> None:
    """--confined keeps a script from the home folder and from the network."""
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    text = f"""
open("inside.txt", "w").close()
for attempt in (
    lambda: open({str(outside)!r}, "w"),
    lambda: __import__("socket").create_connection(("127.0.0.1", 9)),
):
    try:
        attempt()
    except PermissionError as error:
        print("refused")
"""
    done = scopetutor("run", "--confined", script(text))

    assert (done.code, done.out) == (0, "refused\nrefused\n")
    assert (tmp_path / "inside.txt").exists()
    assert not outside.exists()


def test_files_that_are_no_scripts_are_refused(tmp_path: Any) -> None:
    """No such file, a folder, bytes that are no text: one sentence each."""
    binary = tmp_path / "model.ckpt"
    binary.write_bytes(b"\xff\xfe\x00")
    nul = tmp_path / "nul.py"
    nul.write_bytes(b"x = 1\x00")

    with pytest.raises(UsageError, match="no such file"):
        launch.run(Order(str(tmp_path / "none.py")))
    with pytest.raises(UsageError, match="this is a folder"):
        launch.run(Order(str(tmp_path)))
    with pytest.raises(ScriptError, match="not text"):
        launch.run(Order(str(binary)))
    with pytest.raises(ScriptError, match="binary or in UTF-16"):
        launch.run(Order(str(nul)))
    nul.write_text("x = 1", "utf-16")
    with pytest.raises(ScriptError, match="binary or in UTF-16"):
        launch.run(Order(str(nul)))
    nul.write_bytes(b"x = '\xe4'")
    with pytest.raises(ScriptError, match="this is not text in UTF-8 "):
        launch.run(Order(str(nul)))
    nul.write_bytes(b"# coding: klingon")
    with pytest.raises(ScriptError, match="unknown encoding: klingon"):
        launch.run(Order(str(nul)))
