"""Asks TensorFlow 1.15.5 what the programs of the lessons do, and keeps the answers.

    python -m tests.lessons.record PYTHON      # a Python 3.7 with TensorFlow 1.15.5

Writes golden/answers.json. The tests compare the engine with it; they need no
TensorFlow.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from scopetutor.course.shelf import own_course

from .programs import programs

HERE = Path(__file__).parent
ANSWERS = HERE / "golden" / "answers.json"


def main(python: str) -> None:
    """Records all lessons; eager ones in a process of their own."""
    course = own_course()
    asked = [one for name in course.lessons for one in programs(course.lesson(name))]
    answers: dict[str, Any] = {}
    for eager in (False, True):
        some = [one for one in asked if one["eager"] == eager]
        ran = subprocess.run(
            [python, "-W", "ignore", str(HERE / "in_tensorflow.py")],
            input=json.dumps(some),
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            sys.exit(ran.stderr)
        for answer in json.loads(ran.stdout):
            answers[answer.pop("id")] = answer
    text = json.dumps(answers, indent=1, sort_keys=True, ensure_ascii=False)
    ANSWERS.write_text(text + "\n", encoding="utf-8")
    for name, answer in answers.items():
        for line in answer.get("false", ()):
            print(f"{name}: {line}")  # noqa: T201
    print(f"{len(answers)} programs")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
