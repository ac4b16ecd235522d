"""Parts of tensors: TensorFlow's spellings, and keys that sort as they should."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scopetutor.formats.slices import Slice, parse_shape_and_slice, slice_key
from scopetutor.formats.sstable import SortedTable


def test_spellings_are_read_and_refused_as_tensorflow_does(golden):
    """Every recorded spelling is accepted, or refused in TF 1.15.5's words."""
    for text, refusal in golden.json("checkpoints/specs.json"):
        if refusal and "does not match the shape of the tensor" not in refusal:
            with pytest.raises(ValueError, match=r".") as caught:
                parse_shape_and_slice(text)
            assert str(caught.value) == refusal
        elif text:
            shape, part = parse_shape_and_slice(text)
            assert part.within(shape)


numbers = st.one_of(st.integers(0, 300), st.integers(0, 1 << 40))
parts = st.tuples(numbers, st.integers(-1, 1 << 40).filter(bool))
names = st.text(st.sampled_from("a/\0\x01ÿé"), max_size=4)


@given(st.lists(st.tuples(names, parts), max_size=30))
def test_keys_sort_as_names_and_numbers(cases):
    """Keys of parts sort by name, then by start, then by length."""
    by_key = sorted(cases, key=lambda c: slice_key(c[0], Slice(*[(n,) for n in c[1]])))

    assert by_key == sorted(cases, key=lambda case: (case[0].encode(), case[1]))


def test_keys_of_recorded_parts_are_in_the_index(golden, checkpoints):
    """The key of every part TensorFlow saved is a key of its index."""
    keys = {key for key, _ in SortedTable(checkpoints("slices") + ".index")}
    for name, spec in zip(*golden.json("checkpoints/slices.json"), strict=True):
        shape, part = parse_shape_and_slice(spec)
        expected = name.encode() if part.covers(shape) else slice_key(name, part)
        assert expected in keys


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("0,3:0,3", "1,4:2,4", "1,2:2,1"),
        ("0,2:0,2", "2,2:0,2", None),
        ("5,1:5,1", "0,9:0,9", "5,1:5,1"),
    ],
)
def test_overlap_is_what_both_have(one, other, shared):
    """The overlap of two boxes is a box, or nothing, whichever way round."""
    a, b = Slice.parse(one), Slice.parse(other)
    expected = Slice.parse(shared) if shared else None

    assert a.overlap(b) == b.overlap(a) == expected


def test_a_slice_prints_as_it_is_spelled():
    """``str`` of a slice is TensorFlow's spelling; protos keep it."""
    part = Slice.parse("2,2:-:0,1")

    assert str(part) == "2,2:-:0,1"
    assert Slice.from_proto(part.to_proto()) == part
    assert part.within((4, 5, 6)) == Slice((2, 0, 0), (2, 5, 1))
