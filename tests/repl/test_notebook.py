"""`%load_ext scopetutor` in a real kernel of Jupyter."""

from __future__ import annotations

import os
import queue
import sys
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what Jupyter says of itself is not our business
    manager = pytest.importorskip("jupyter_client.manager")
    pytest.importorskip("ipykernel")


@pytest.fixture(scope="module")
def cell(tmp_path_factory):
    """Runs cells in a kernel; what each one shows, by kind."""
    home = tmp_path_factory.mktemp("jupyter")
    warnings.simplefilter("ignore")
    kernels = manager.KernelManager()
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    kernels._kernel_spec = manager.kernelspec.KernelSpec(argv=command)
    environ = {"PYTHONPATH": str(ROOT), "IPYTHONDIR": str(home), "HOME": str(home)}
    kernels.start_kernel(env={**os.environ, **environ}, cwd=str(home))
    client = kernels.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)

    def run(code: str) -> dict[str, str]:
        asked = client.execute(code)
        shown: dict[str, str] = {}
        while True:
            try:
                message = client.get_iopub_msg(timeout=60)
            except queue.Empty:
                raise AssertionError(f"no answer to {code!r}") from None
            if message["parent_header"].get("msg_id") != asked:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return shown
            if kind == "stream":
                name = content["name"]
                shown[name] = shown.get(name, "") + content["text"]
            elif kind in {"display_data", "execute_result"}:
                for mime, text in content["data"].items():
                    shown[mime] = shown.get(mime, "") + text
            elif kind == "error":
                shown["error"] = "\n".join(content["traceback"])

    run.client = client  # type: ignore[attr-defined]
    yield run
    client.stop_channels()
    kernels.shutdown_kernel()  # as Jupyter does, so that the kernel ends by itself


def test_a_notebook(cell):
    """Cells run on the engine, drawings are HTML; the kernel gets its cells back."""
    assert cell("%load_ext scopetutor") == {}
    assert cell("import tensorflow as tf\nprint(tf.__version__)") == {
        "stdout": "1.15.5\n"
    }
    made = cell('with tf.variable_scope("enc"):\n    w = tf.get_variable("w", [2, 3])')
    assert "enc/w:0" in made["text/plain"]
    assert made["text/html"].startswith("<pre")
    assert made["text/html"].count("<pre") == 1  # once, not by Rich as well
    assert "float32_ref (2, 3)" in made["text/html"]

    failed = cell('with tf.variable_scope("enc"):\n    tf.get_variable("w", [2, 3])')
    assert "already exists, disallowed" in failed["text/plain"]
    assert "w" in cell(":tree")["text/plain"]
    assert "moment" in cell(":undo")["text/plain"]
    assert cell("import os; os._exit(1)")["text/plain"]
    assert cell("w.name")["stdout"] == "'enc/w:0'\n"

    assert cell("%pwd")["text/plain"]
    assert cell("%unload_ext scopetutor") == {}
    assert "NameError" in cell("w")["error"]
    assert cell("6 * 7")["text/plain"] == "42"


def test_tab_and_shift_tab(cell):
    """The page completes and explains the names of the workspace, and commands."""

    def offered(text: str) -> list[str]:
        return cell.client.complete(text, len(text), reply=True, timeout=60)["content"][
            "matches"
        ]

    def told(text: str) -> str:
        asked = cell.client.inspect(text, len(text), reply=True, timeout=60)
        return asked["content"]["data"].get("text/plain", "")

    cell("%load_ext scopetutor")
    cell('import tensorflow as tf\nwith tf.variable_scope("enc"):\n    w9 = 1')
    assert "get_variable" in offered("tf.get_vari")
    assert offered("if True:\n    w")[:3] == ["w9", "while", "with"]
    assert "enc" in offered('tf.variable_scope("e')
    assert "graph" in offered(":gr")
    assert "%pwd" in offered("%pw")
    assert "get_variable(name, shape=None" in told("tf.get_variable")
    assert told("nothing_of_this_name") == ""

    cell("%unload_ext scopetutor")
    assert "get_variable" not in offered("tf.get_vari")
    assert "print" in offered("prin")


def luminance(color: tuple[int, int, int]) -> float:
    """WCAG's relative luminance."""
    parts = [part / 255 for part in color]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return sum(a * b for a, b in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def test_colours_of_pages():
    """Every colour can be read on a white page and on a nearly black one."""
    from scopetutor.repl.notebook import COLORS  # noqa: PLC0415

    for name, color in COLORS.items():
        assert 1.05 / (luminance(color) + 0.05) >= 4.2, name
        assert (luminance(color) + 0.05) / (luminance((17, 17, 17)) + 0.05) >= 4.0, name
