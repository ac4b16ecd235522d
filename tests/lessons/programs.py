"""Every program of the lessons, as text: what TensorFlow is asked, and what we are.

`record` sends them through TensorFlow 1.15.5 and keeps the results; `test_learners`
compares them with what the engine makes of the same text.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from scopetutor.course.model import PRELUDE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scopetutor.course.model import Lesson, Step

ASKS = {
    "predict": "answer",
    "order": "line",
    "code": "state",
    "fix": "state",
    "choice": "claims",
    "read": "claims",
}
"""What a step of each kind wants to know of TensorFlow."""


def programs(lesson: Lesson) -> Iterator[dict[str, Any]]:
    """What each step runs: one record for each, as JSON takes it."""
    for step in lesson.steps:
        record = {
            "id": f"{lesson.id}/{step.id}",
            "eager": step.mode == "eager",
            "before": [PRELUDE[step.mode], *before(lesson, step)],
            "texts": [code.text for code in step.shows if code.runs],
            "asserts": [one.text for one in step.asserts],
            "asks": ASKS[step.kind],
        }
        if step.solutions:
            record["asks"] = "state"
            record["texts"] = [step.solutions[0].text]
        if record["asks"] == "claims" and not record["asserts"]:
            continue
        text = json.dumps(record, sort_keys=True)
        record["digest"] = hashlib.sha256(text.encode()).hexdigest()[:12]
        yield record


def before(lesson: Lesson, step: Step) -> list[str]:
    """What has been run when a step begins, without the prelude."""
    earlier = lesson.step(step.continues) if step.continues else None
    texts = []
    if earlier is not None:
        texts = [*before(lesson, earlier), earlier.solutions[0].text]
    return [*texts, step.setup] if step.setup else texts
