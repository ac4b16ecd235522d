"""Drawings of checkpoints and graphs, at 80 columns, as they stand on the screen."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from scopetutor.checkpoints.compare import ValueChange, compare
from scopetutor.checkpoints.contents import Contents, described
from scopetutor.checkpoints.graphs import GraphFile, GraphNode, GraphVariable
from scopetutor.checkpoints.porting import sheet
from scopetutor.checkpoints.statistics import Statistics
from scopetutor.checkpoints.verify import Fault, Verification
from scopetutor.render import graph_file
from scopetutor.render.checkpoint import holding_tree, listing
from scopetutor.render.checkpoint_diff import MOST, comparison
from scopetutor.render.look import Look
from scopetutor.render.porting import porting
from scopetutor.render.sizes import bytes_text, count_text
from scopetutor.render.tensor import tensor
from scopetutor.render.verification import verification

LOOK = Look()


def holding(path="run/m.ckpt-7", how="", **tensors):
    """A checkpoint with these tensors; a double underscore is a slash."""
    named = {name.replace("__", "/"): ("float32", s) for name, s in tensors.items()}
    return Contents(path, "V2", how, 7, "", 2048, described(named))


def drawn(text):
    """The lines of a drawing."""
    lines = text.plain.split("\n")
    assert all(len(line) <= LOOK.width for line in lines), "too wide"
    return lines


def test_a_listing_is_grouped_by_what_things_are():
    """Weights first, then what only training needs, then the sums."""
    contents = holding(fc__kernel=(784, 512), fc__kernel__Adam=(784, 512))

    assert drawn(listing(contents, LOOK)) == [
        "run/m.ckpt-7  format V2 · 2 KiB · step 7",
        "",
        "  weights of the model",
        "  name       type     shape       size",
        "  fc/kernel  float32  (784, 512)  1.53 MiB",
        "",
        "  an optimizer's slots",
        "  name            type     shape       size      what",
        "  fc/kernel/Adam  float32  (784, 512)  1.53 MiB  Adam, first moment",
        "",
        "                        tensors  elements  size",
        "  weights of the model  1        401 k     1.53 MiB",
        "  an optimizer's slots  1        401 k     1.53 MiB",
        "  all                   2        803 k     3.06 MiB",
    ]


def test_a_long_path_has_a_line_of_its_own():
    """What is told of it hangs below."""
    contents = holding("a/very/long/path/to/some/run/of/last/year/model.ckpt-7")

    lines = drawn(listing(contents, LOOK))

    assert lines[1] == "  format V2 · 2 KiB · step 7"
    assert lines[-1] == "  it is empty"


def test_a_tree_has_sizes_for_every_scope():
    """Slots hang below nothing: they are counted beside their tensor."""
    contents = holding(net__w=(2, 3), net__w__Adam=(2, 3), net__deep__b=(4,), top=(1,))

    assert drawn(holding_tree(contents, LOOK))[1:6] == [
        "  (root)          11 elements      44 B",
        "  ├── net/        10 elements      40 B",
        "  │   ├── deep/   4 elements       16 B",
        "  │   │   └── b   float32 (4,)     16 B",
        "  │   └── w       float32 (2, 3)   24 B   + 1 slot or average",
    ]


def test_names_from_files_cannot_command_the_terminal():
    """Control characters in a name are made visible."""
    contents = holding(**{"\x1b[31mred": (1,)})

    for text in (listing(contents, LOOK), holding_tree(contents, LOOK)):
        assert "\x1b" not in text.plain
        assert "\\x1b[31mred" in text.plain


def test_a_comparison_tells_likely_renames_first():
    """The verdict, the guesses with reasons, what remains, what mends it."""
    held = holding(net__w=(2, 3), net__b=(3,), old=(9,))
    names = {"m/net/w": (2, 3), "m/net/b": (3,), "new": (8,)}
    wanted = described({name: ("float32", shape) for name, shape in names.items()})
    seen = compare(held, wanted, path="train.py", kind="script")

    lines = drawn(comparison(seen, LOOK, code="a\nb", advice=["do this"]))

    assert lines[0] == (
        "✗ tf.train.Saver() cannot restore it: 3 keys not found; no tensors the same"
    )
    assert lines[2] == "  likely the same under another name"
    assert "net/b        →  m/net/b  " in lines[4] or "m/net/b" in lines[4]
    assert "  variables of the script that the file does not have" in lines
    assert lines[-5:] == [
        "  a Saver that finds them:",
        "    a",
        "    b",
        "",
        "  try  do this",
    ]


def test_very_many_differences_are_counted():
    """A screen has only so many rows."""
    names = [f"x{i}/y{i}" for i in range(MOST + 5)]
    wanted = described({n: ("float32", (i + 1,)) for i, n in enumerate(names)})
    seen = compare(holding(), wanted, path="o.ckpt", kind="checkpoint")

    lines = drawn(comparison(seen, LOOK))

    assert "  and 5 more; --json has all" in lines
    assert lines[0].startswith("✗ 45 names differ; no tensors the same")


def test_a_tensor_has_a_histogram():
    """Bars on a screen, counts in plain lines."""
    (entry,) = described({"w": ("float32", (4,))})
    seen = Statistics(entry, 0.0, 1.0, 0.5, 0.1, 1, 2, 0, (1, 0, 3), "[0. 1.]")

    assert drawn(tensor(seen, LOOK)) == [
        "w  float32 (4,) · 4 elements · 16 B",
        "  low 0  mean 0.5  high 1  deviation 0.1  zeros 1",
        "  ▃ █  0 to 1",
        "  2 NaN in it",
        "  [0. 1.]",
    ]
    assert "histogram 1 0 3" in tensor(seen, Look(plain=True)).plain


def test_a_verification_names_what_is_damaged():
    """The sentence says how many, the table which."""
    fault = Fault("w", "checksum does not match", "m.index")
    seen = Verification("m", 3, 20 << 20, 0.5, (fault,), ("a note",))

    lines = drawn(verification(seen, LOOK))

    assert lines[0] == "✗ 1 of 3 tensors cannot be read"
    assert lines[-1] == "  note  a note"
    sound = Verification("m", 3, 20 << 20, 0.5, (), ())
    assert drawn(verification(sound, LOOK)) == [
        "✓ every checksum of 3 tensors is right: 20 MiB in 0.5 s (40 MiB/s)"
    ]


@pytest.mark.parametrize("flax", [False, True])
def test_a_porting_sheet_has_notes(flax):
    """What holds for many rows is said once, below."""
    contents = holding(bn__gamma=(4,), bn__moving_mean=(4,), w=(2,), w__Adam=(2,))

    lines = drawn(porting(sheet("m", contents.tensors), LOOK, flax=flax))

    assert ("Flax" if flax else "PyTorch") in lines[0]
    assert sum(line.startswith("  note  ") for line in lines) == 1
    assert lines[-1] == "  a model does not need 1 tensor (an optimizer's slots)"


@pytest.fixture
def graph():
    """A small graph file."""
    nodes = tuple(
        GraphNode(n, op, (), "") for n, op in (("a/w", "Const"), ("b", "Add"))
    )
    variable = GraphVariable(
        "a/w/part_0:0",
        "a/w",
        "float32",
        (2, None),
        (4, 3),
        "ref",
        True,
        ("variables",),
        "",
    )
    return GraphFile(
        path="m.meta",
        kind="meta graph",
        tensorflow="1.15.5",
        tags=("serve",),
        producer=134,
        nodes=nodes,
        functions=(),
        variables=(variable,),
        collections={"variables": 1},
        signatures={"s": "x=x:0 -> y=y:0"},
        saver={"filename_tensor_name": "save/Const:0"},
    )


def test_a_graph_file_in_a_screenful(graph):
    """Facts, collections, signatures."""
    assert drawn(graph_file.overview(graph, LOOK)) == [
        "m.meta  meta graph · TensorFlow 1.15.5",
        "  tags       serve",
        "  operations 2 operations",
        "  types      Add 1, Const 1",
        "  variables  1 ref variable",
        "  trainable  1 variable",
        "  saver      save/Const:0",
        "  version    GraphDef 134",
        "",
        "  collections",
        "  name       items",
        "  variables  1",
        "",
        "  signatures",
        "  s  x=x:0 -> y=y:0",
    ]


def test_variables_and_operations_of_a_graph(graph):
    """Tables; nothing to show is said."""
    assert drawn(graph_file.variables(graph, LOOK)) == [
        "  name          type     shape   kind  trainable  part of",
        "  a/w/part_0:0  float32  (2, ?)  ref   yes        a/w",
    ]
    assert drawn(graph_file.operations(graph.nodes, LOOK))[1] == "  a/w   Const"
    assert drawn(graph_file.operations((), LOOK)) == ["  no such operation"]
    assert drawn(graph_file.node_tree(graph.nodes, LOOK)) == [
        "  (root)      2 operations",
        "  ├── a/      1 operation",
        "  │   └── w   Const",
        "  └── b       Add",
    ]


@pytest.mark.parametrize(
    ("count", "told"),
    [(None, ""), (0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (5 << 40, "5 TiB")],
)
def test_sizes_in_words(count, told):
    """Three digits and a unit."""
    assert bytes_text(count) == told


@pytest.mark.parametrize(
    ("count", "told"),
    [(7850, "7,850"), (123_456, "123 k"), (25_600_000, "25.6 M"), (2 * 10**12, "2 T")],
)
def test_counts_in_words(count, told):
    """Exact while it is short."""
    assert count_text(count) == told


def test_a_value_change_is_drawn():
    """Names with other values have the largest difference."""
    held = holding(w=(2,))
    seen = compare(held, held.tensors, path="o", kind="checkpoint")
    changed = ValueChange("w", 1, 2, float(np.float32(0.25)))
    seen = msgspec.structs.replace(seen, values=(changed,))

    lines = drawn(comparison(seen, LOOK))

    assert lines[0] == "✗ the values of 1 tensor differ; 1 tensor the same"
    assert lines[-1] == "  w     1 of 2    0.25"
