"""`scopetutor ckpt` and `scopetutor meta` as one types them."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from scopetutor.formats import protos
from scopetutor.formats.checkpoint_writer import TensorToSave, write_checkpoint
from scopetutor.formats.open_checkpoint import open_checkpoint

GOLDEN = Path(__file__).parents[1] / "formats" / "golden"


def save(prefix, **tensors):
    """A checkpoint; a double underscore in a name is a slash."""
    named = {name.replace("__", "/"): value for name, value in tensors.items()}
    write_checkpoint(
        prefix, [TensorToSave(n, np.asarray(named[n])) for n in sorted(named)]
    )
    return prefix


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Every test has a folder of its own, with a checkpoint in it."""
    monkeypatch.chdir(tmp_path)
    w = np.arange(6, dtype="f4").reshape(2, 3)
    save(
        "m.ckpt-7",
        net__w=w,
        net__w__Adam=w * 2,
        net__w__Adam_1=w * 3,
        net__w__ExponentialMovingAverage=w / 2,
        net__b=np.ones(3, "f4"),
        beta1_power=np.float32(0.9),
        global_step=np.int64(7),
    )
    return tmp_path


@pytest.fixture
def zoo():
    """A `.meta` that TensorFlow 1.15.5 wrote."""
    path = Path("zoo.meta")
    path.write_bytes(gzip.decompress((GOLDEN / "graphs/zoo.meta.gz").read_bytes()))
    return str(path)


def wanting(path, **variables):
    """A meta graph with these variables: name=shape."""
    meta = protos.MetaGraphDef()
    for name, shape in variables.items():
        called = name.replace("__", "/")
        node = meta.graph_def.node.add(name=called, op="VariableV2")
        node.attr["dtype"].type = 1
        node.attr["shape"].shape.dim.extend({"size": size} for size in shape)
        meta.collection_def["variables"].bytes_list.value.append(
            protos.VariableDef(
                variable_name=f"{called}:0", initializer_name=f"{called}/Assign"
            ).SerializeToString()
        )
    Path(path).write_bytes(meta.encode())
    return path


@pytest.mark.parametrize(
    "spelled",
    [
        "m.ckpt-7",
        "m.ckpt-7.index",
        "m.ckpt-7.data-00000-of-00001",
        "m.ckpt-7.meta",
        ".",
    ],
)
def test_every_spelling_of_the_path_is_understood(say, spelled):
    """The prefix, each of its files and the folder mean the checkpoint."""
    said = say("ckpt", "ls", spelled)

    assert said.code == 0
    assert "net/w/Adam_1\tfloat32\t(2, 3)\t24\tAdam, second moment" in said.out
    assert "an optimizer's slots\t2\t12\t48 B" in said.out


def test_json_is_the_whole_listing(say):
    """Every tensor with its role; what a filter hides is counted."""
    said = say("ckpt", "ls", ".", "-f", "Adam", "--role", "slot", "--json")

    found = json.loads(said.out)
    assert [entry["name"] for entry in found["tensors"]] == [
        "net/w/Adam",
        "net/w/Adam_1",
    ]
    assert found["hidden"] == 5


@pytest.mark.parametrize(
    ("argv", "code", "problem"),
    [
        (["ls", "m.ckpt"], 1, "m.ckpt-7"),
        (["ls", "m.ckpt-7", "-f", "("], 2, "no regular expression"),
        (["ls", "m.ckpt-7", "--role", "nose"], 2, "weight statistics"),
        (["show", "m.ckpt-7", "net/x"], 1, "did you mean net/"),
        (["diff", "a.py", "b.meta"], 2, "has to be a checkpoint"),
        (["rename", "m.ckpt-7", "new"], 2, "no new names"),
        (["rename", "m.ckpt-7", "--sub", "s/net/n/"], 2, "--in-place"),
        (["rename", "m.ckpt-7", "x", "--sub", "s/zz/n/"], 2, "no tensor would"),
        (["strip", "m.ckpt-7", "x", "--drop", "nose"], 2, "no role"),
        (["strip", "m.ckpt-7", "x", "--drop", "bookkeeping"], 2, "nothing to leave"),
        (["strip", "m.ckpt-7", "x", "-f", "zz"], 2, "nothing would be left"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(say, argv, code, problem):
    """The exit code tells wrong usage from a wrong file; a hint says what to try."""
    said = say("ckpt", *argv)

    assert said.code == code
    assert problem in said.err
    assert said.out == ""
    assert "Traceback" not in said.err


def test_the_tree_counts_slots_below_their_variable(say):
    """Scopes, tensors, and how many slots each has."""
    said = say("ckpt", "tree", ".")

    assert "    net/, 9 elements, 36 B\n" in said.out
    assert "w, float32 (2, 3), 24 B, + 3 slots and averages" in said.out


def test_a_tensor_is_shown_with_figures(say):
    """Statistics, how values are spread, and the values."""
    said = say("ckpt", "show", ".", "net/w", "global_step")

    assert "low 0  mean 2.5  high 5  deviation 1.70783  zeros 1" in said.out
    assert "[3. 4. 5.]" in said.out
    assert "global_step  int64 ()" in said.out
    shown = json.loads(say("ckpt", "show", ".", "net/w", "--json").out)
    assert (shown[0]["high"], sum(shown[0]["bins"])) == (5.0, 6)


def test_values_that_are_no_numbers_are_told(say):
    """NaN, infinity and text have no statistics, and do no harm."""
    nan, inf = float("nan"), float("inf")
    save("odd", a=np.array([nan, inf, -inf, 1.0]), b=np.array([nan]), c=np.array(["x"]))

    said = say("ckpt", "show", "odd", "a", "b", "c")

    assert "1 NaN and 2 infinities in it" in said.out
    assert said.code == 0


def test_a_graph_beside_a_checkpoint(say):
    """All keys that are missing, what they are likely called, the Saver that mends."""
    wanting("m.meta", model__net__w=(2, 3), model__net__b=(3,))

    said = say("ckpt", "diff", "m.meta", "m.ckpt-7", "--map", "names.txt")

    assert said.code == 1
    assert said.out.startswith(
        "no tf.train.Saver() cannot restore it: 2 keys not found"
    )
    assert 'v.op.name[len("model/"):]: v for v in tf.global_variables()' in said.out
    assert "scopetutor ckpt rename m.ckpt-7 NEW --from-diff m.meta" in said.out
    assert "net/w -> model/net/w" in Path("names.txt").read_text()


def test_a_checkpoint_that_fits_is_said_to_fit(say):
    """Exit code 0, whatever else the file has."""
    wanting("m.meta", net__w=(2, 3))

    said = say("ckpt", "diff", "m.ckpt-7", "m.meta")

    assert (said.code, said.out.split(":")[0]) == (0, "ok tf.train.Saver() restores it")


def test_shapes_that_do_not_fit(say):
    """Both shapes, and a Saver without that layer."""
    wanting("m.meta", net__w=(2, 9), net__b=(3,))

    said = say("ckpt", "diff", "m.meta", "m.ckpt-7")

    assert "net/w\tfloat32 (2, 3)\tfloat32 (2, 9)" in said.out
    assert 'held -= {"net/w"}' in said.out


def test_two_checkpoints_are_compared(say):
    """Names and, if asked for, values; 0 only if nothing differs."""
    save("n.ckpt", a=np.ones(2), only=np.ones(3))
    save("o.ckpt", a=np.zeros(2), other=np.ones(4))

    names = say("ckpt", "diff", "n.ckpt", "o.ckpt")
    values = say("ckpt", "diff", "n.ckpt", "o.ckpt", "--values", "--json")

    assert (names.code, values.code) == (1, 1)
    assert "only in o.ckpt\nname\ttype\tsize\nother" in names.out
    assert json.loads(values.out)["values"][0]["largest"] == 1.0
    assert say("ckpt", "diff", "n.ckpt", "n.ckpt", "--values").code == 0


def test_renaming_as_diff_guesses(say):
    """The guesses become the names, and the graph then restores the file."""
    wanting("m.meta", model__net__w=(2, 3), model__net__b=(3,))

    said = say("ckpt", "rename", ".", "new", "--from-diff", "m.meta")

    assert said.out.startswith("wrote new")
    assert say("ckpt", "diff", "m.meta", "new").code == 0
    assert open_checkpoint("new").read("model/net/b").tolist() == [1, 1, 1]
    again = say("ckpt", "rename", "new", "other", "--from-diff", "m.meta")
    assert "nothing to rename" in again.err


def test_guesses_that_are_not_sure_enough_are_not_taken(say):
    """The best guess is said instead."""
    wanting("m.meta", model__net__b=(3,))

    said = say("ckpt", "rename", ".", "new", "--from-diff", "m.meta", "--sure", "1")

    assert said.code == 2
    assert "no guess is 100% sure; the best is" in said.err


def test_a_dry_run_writes_nothing(say, here):
    """It shows every name that would change."""
    before = sorted(here.iterdir())

    said = say("ckpt", "rename", ".", "--sub", "s|^net/||", "--dry-run")
    as_json = say("ckpt", "rename", ".", "--sub", "s|^net/||", "-n", "--json")

    assert "net/w/Adam\t→\tw/Adam" in said.out
    assert (
        "5 tensors would get another name; 2 others would keep their names" in said.out
    )
    assert json.loads(as_json.out)["names"]["global_step"] == "global_step"
    assert sorted(here.iterdir()) == before


def test_a_map_can_be_edited_and_used(say):
    """The file that diff writes is what rename reads."""
    Path("map").write_text("net/w -> a\nnet/b -> b\n")

    said = say("ckpt", "rename", "m.ckpt-7", "--map", "map", "--in-place", "--json")

    assert json.loads(said.out)["renamed"] == {"net/w": "a", "net/b": "b"}
    assert {"a", "b", "net/w/Adam"} <= set(open_checkpoint("m.ckpt-7").names)


def test_slots_are_stripped(say):
    """What only training needs is gone; a dry run shows what would stay."""
    dry = say("ckpt", "strip", ".", "-n")
    said = say("ckpt", "strip", ".", "small")

    assert "3 further tensors not listed" in dry.out
    assert "3 left out" in said.out
    assert open_checkpoint("small").names == (
        "global_step",
        "net/b",
        "net/w",
        "net/w/ExponentialMovingAverage",
    )


def test_averages_take_the_place_of_weights(say):
    """Where there is an average the weight gets its values."""
    say("ckpt", "strip", ".", "small", "--averages")

    small = open_checkpoint("small")
    assert small.names == ("global_step", "net/b", "net/w")
    assert small.read("net/w").tolist() == [[0, 0.5, 1], [1.5, 2, 2.5]]
    assert "no moving averages" in say("ckpt", "strip", "small", "x", "--averages").err


def test_verify_tells_by_its_exit_code(say):
    """0 if every checksum is right, 1 if one is not, with the tensor's name."""
    sound = say("ckpt", "verify", ".")
    path = Path("m.ckpt-7.data-00000-of-00001")
    path.write_bytes(b"\1" + path.read_bytes()[1:])

    damaged = say("ckpt", "verify", ".")

    assert (sound.code, damaged.code) == (0, 1)
    assert sound.out.startswith("ok every checksum of 7 tensors is right")
    assert "beta1_power\t" in damaged.out


def test_other_formats_there_and_back(say):
    """A .npz both ways, and safetensors."""
    assert say("ckpt", "to-npz", ".", "a.npz").out.startswith("wrote a.npz  7 tensors")
    assert say("ckpt", "from-npz", "a.npz", "b").code == 0
    assert say("ckpt", "diff", "m.ckpt-7", "b", "--values").code == 0
    assert json.loads(say("ckpt", "to-safetensors", "b", "c", "--json").out)["bytes"]


def test_the_porting_sheet(say):
    """PyTorch's names and axes, Flax's on demand."""
    torch = say("ckpt", "layout", "m.ckpt-7")
    flax = say("ckpt", "layout", "m.ckpt-7", "--flax", "--json")

    assert "net/w\t(2, 3)\tnet.weight\tw.T\tdense kernel" in torch.out
    assert json.loads(flax.out)["rows"][1]["flax"] == "net/kernel"


# -- meta ------------------------------------------------------------------------------


def test_a_graph_is_told_in_a_screenful(say, zoo):
    """Who wrote it, how many operations of which types, collections."""
    said = say("meta", "ls", zoo)

    assert "TensorFlow 1.15.5" in said.out
    assert "trainable_variables\t" in said.out
    assert len(json.loads(say("meta", "ls", zoo, "--json").out)["nodes"]) > 500


def test_its_variables_and_operations(say, zoo):
    """Each in a row, filtered by name and by type."""
    variables = json.loads(say("meta", "vars", zoo, "--json").out)
    some = say("meta", "vars", zoo, "-f", variables[0]["name"])
    kinds = {n["op"] for n in json.loads(say("meta", "ops", zoo, "--json").out)}
    ops = json.loads(say("meta", "ops", zoo, "-t", "MatMul", "--json").out)

    assert variables[0]["name"] in some.out
    assert {node["op"] for node in ops} == {"MatMul"}
    assert "VariableV2" in kinds
    assert "MatMul" in say("meta", "ops", zoo, "-t", "MatMul").out


def test_its_tree_is_folded(say, zoo):
    """Scopes deeper than asked for are counted only."""
    shallow = say("meta", "tree", zoo, "--depth", "1").out.count("\n")
    deep = say("meta", "tree", zoo, "--depth", "0").out.count("\n")

    assert 5 < shallow < deep


def test_a_type_that_is_not_there(say, zoo):
    """The nearest one is offered."""
    said = say("meta", "ops", zoo, "-t", "Matmul")

    assert said.code == 2
    assert "did you mean MatMul?" in said.err


@pytest.mark.parametrize(
    "argv", [("ls", "m.ckpt-7"), ("tree", "."), ("diff", ".", "."), ("layout", ".")]
)
def test_looking_at_names_does_not_load_numpy(argv, here):
    """Listing answers before NumPy could be imported."""
    code = (
        "import sys; from scopetutor.cli.front import answer; "
        f"answer(['ckpt', *{list(argv)!r}]); sys.exit('numpy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=False
    )

    assert done.returncode == 0


# -- scripts ---------------------------------------------------------------------------

SCRIPT = """\
import tensorflow as tf
with tf.variable_scope("model/net"):
    x = tf.placeholder(tf.float32, [None, 2])
    w = tf.get_variable("w", [2, 3])
    b = tf.get_variable("b", [3])
    table = tf.get_variable(
        "table", [5, 4], partitioner=tf.fixed_size_partitioner(2, axis=1))
with tf.Session() as session:
    tf.train.Saver().restore(session, "m.ckpt-7")
"""


def run(*argv):
    """A command line in a process of its own, as scripts need their own output."""
    command = [sys.executable, "-m", "scopetutor", *argv]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_script_beside_a_checkpoint():
    """The script is run as far as its variables; names, parts and shapes compared."""
    Path("train.py").write_text(SCRIPT)
    save("t.ckpt", net__w=np.ones((2, 3), "f4"), net__table=np.ones((5, 4), "f4"))

    found = json.loads(run("ckpt", "diff", "t.ckpt", "train.py", "--json").stdout)

    assert {one["new"]: one["old"] for one in found["renames"]} == {
        "model/net/w": "net/w",
        "model/net/table": "net/table",
    }
    assert found["partitioned"] == ["model/net/table"]
    assert [entry["name"] for entry in found["missing"]] == [
        "model/net/b",
        "model/net/table",
        "model/net/w",
    ]


def test_a_renamed_file_is_what_the_script_restores():
    """After renaming, the script runs to its end on the new file."""
    Path("train.py").write_text(SCRIPT.replace('"m.ckpt-7"', '"new"'))
    save(
        "t.ckpt",
        net__w=np.ones((2, 3), "f4"),
        net__b=np.ones(3, "f4"),
        net__table=np.ones((5, 4), "f4"),
    )

    renamed = run("ckpt", "rename", "t.ckpt", "new", "--from-diff", "train.py")
    compared = run("ckpt", "diff", "new", "train.py")
    done = run("run", "train.py")

    assert (renamed.returncode, compared.returncode) == (0, 0)

    assert (done.returncode, done.stderr) == (0, "")


def test_a_script_without_variables():
    """The sentence says how far it came."""
    Path("train.py").write_text("import tensorflow as tf\n")

    said = run("ckpt", "diff", "m.ckpt-7", "train.py")

    assert said.returncode == 1
    assert "made no variable that is saved: The script came to its end." in said.stderr
