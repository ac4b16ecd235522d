"""What workspace processes note of their lines is read although they are killed."""

from __future__ import annotations

import measured


def test_a_note_is_cut_off(tmp_path):
    """Only the note that a kill has cut off is lost, wherever it is."""
    notes = tmp_path / "lines"
    notes.write_bytes(
        b'\n{"a.py": [1, 2]}\n\n{"a.py": [3, 4\n{"b.py": [5]}\n\n{"c.py": [\xc3'
    )

    assert list(measured.noted(notes)) == [{"a.py": [1, 2]}, {"b.py": [5]}]
