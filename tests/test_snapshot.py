"""What two snapshots have in common, and what only one has."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scopetutor.snapshot import OpView, Snapshot, compare

NAMES = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(kept=NAMES, gone=NAMES, new=NAMES, changed=NAMES)
def test_new_operations(kept, gone, new, changed):
    """Operations are new if they were not there, however the snapshots came about."""
    keys = {name: (1, name) for name in "abcdefgh"}
    before = {keys[name]: OpView(1, name, "NoOp") for name in (*kept, *gone)}
    after = {keys[name]: OpView(1, name, "Add") for name in (*kept, *changed)}
    after |= {(1, name): OpView(1, name, "NoOp") for name in new}
    told = compare(Snapshot(ops=before), Snapshot(ops=after)).ops

    assert told == tuple(op for key, op in after.items() if key not in before)
