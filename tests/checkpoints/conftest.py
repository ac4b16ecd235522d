"""What the tests of checkpoints share: files made by our own writer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from scopetutor.formats.checkpoint_writer import Part, TensorToSave, write_checkpoint
from scopetutor.formats.slices import Slice

Save = Callable[..., str]


@pytest.fixture
def save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Save:
    """A function: (prefix, name=array…) -> the prefix of a checkpoint, written here."""
    monkeypatch.chdir(tmp_path)

    def write(prefix: str, tensors: dict[str, object]) -> str:
        saved = []
        for name, value in tensors.items():
            if isinstance(value, list):  # a partitioned variable: parts along axis 0
                shape = (sum(map(len, value)), *value[0].shape[1:])
                start = 0
                for part in value:
                    box = Slice((start, *(0 for _ in shape[1:])), part.shape)
                    saved.append(TensorToSave(name, part, Part(shape, box)))
                    start += len(part)
            else:
                saved.append(TensorToSave(name, np.asarray(value)))
        write_checkpoint(prefix, sorted(saved, key=lambda one: one.name.encode()))
        return prefix

    return write


@pytest.fixture
def trained(save: Save) -> str:
    """The checkpoint of a small model after a step of Adam, with averages."""
    w, b = np.arange(6, dtype="f4").reshape(2, 3), np.ones(3, "f4")
    return save(
        "model.ckpt-7",
        {
            "net/w": w,
            "net/w/Adam": w * 2,
            "net/w/Adam_1": w * 3,
            "net/w/ExponentialMovingAverage": w / 2,
            "net/b": b,
            "net/b/Adam": b * 2,
            "net/b/Adam_1": b * 3,
            "net/b/ExponentialMovingAverage": b / 2,
            "net/bn/gamma": b,
            "net/bn/beta": b,
            "net/bn/moving_mean": b,
            "net/bn/moving_variance": b,
            "beta1_power": np.float32(0.9),
            "beta2_power": np.float32(0.999),
            "global_step": np.int64(7),
            "emb/table": [np.zeros((3, 2), "f4"), np.ones((2, 2), "f4")],
            "words": np.array([b"a", b"bc"], object),
        },
    )
