"""A new lesson to begin with: it is right as it stands, and shows each kind of block.

For `scopetutor lesson new`. The lesson is added to the course.toml beside it, which is
made if there is none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scopetutor.errors import UsageError

from .load import ID
from .shelf import OUTLINE_FILE

if TYPE_CHECKING:
    from pathlib import Path

_LAST_LESSONS = re.compile(r"^lessons\s*=\s*\[(?P<ids>[^\]]*)\]", re.MULTILINE)


def write_lesson(folder: Path, lesson_id: str, title: str = "") -> tuple[Path, bool]:
    """Writes a lesson that can be changed into another.

    Args:
        folder: of the course; it is made if there is none.
        lesson_id: small letters, digits, hyphens.
        title: a few words; "" makes them from the id.

    Returns:
        The lesson's file, and whether course.toml lists it now.

    Raises:
        UsageError: the id cannot be one, or there is such a file.
    """
    if not ID.fullmatch(lesson_id):
        hint = "small letters, digits and hyphens, such as share-weights"
        raise UsageError(f"{lesson_id!r} cannot be a lesson's id", hint=hint)
    file = folder / f"{lesson_id}.md"
    if file.exists():
        raise UsageError("there is such a lesson already", place=str(file))
    title = title or lesson_id.replace("-", " ").capitalize()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        listed = _add_to_outline(folder, lesson_id)
        file.write_text(LESSON % {"id": lesson_id, "title": title}, encoding="utf-8")
    except OSError as error:
        problem = f"cannot be written: {error.strerror}"
        raise UsageError(problem, place=str(error.filename or file)) from None
    return file, listed


def _add_to_outline(folder: Path, lesson_id: str) -> bool:
    """Lists the lesson at the end of the last part; False if that cannot be found."""
    outline = folder / OUTLINE_FILE
    if not outline.is_file():
        course_id = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-")
        text = OUTLINE % {"id": course_id or "course", "lesson": lesson_id}
        outline.write_text(text, encoding="utf-8")
        return True
    text = outline.read_text(encoding="utf-8")
    lists = list(_LAST_LESSONS.finditer(text))
    if not lists:
        return False
    start, end = lists[-1].span("ids")
    ids = text[start:end].rstrip()
    comma = "" if not ids or ids.endswith(",") else ","
    if "\n" in ids:
        ids += f'{comma}\n  "{lesson_id}",\n'
    else:
        ids += f'{comma} "{lesson_id}"' if ids else f'"{lesson_id}"'
    outline.write_text(text[:start] + ids + text[end:], encoding="utf-8")
    return True


OUTLINE = """\
format = 1
id = "%(id)s"
title = "A course of my own"
about = "What it is about, in a sentence or two."

[[parts]]
id = "first"
title = "The first part"
lessons = ["%(lesson)s"]
"""

LESSON = """\
+++
format = 1
id = "%(id)s"
title = "%(title)s"
after = "say what is printed when a variable is made under a scope"
needs = []
concepts = ["variable_scope", "get_variable"]
minutes = 10
+++

What is said before the first step.

## What a scope does {#what-a-scope-does kind=read}

Text for the reader. The program below it is run, and what it prints stands under it.

```python show
with tf.variable_scope("net"):
    w = tf.get_variable("w", [2])
print(w.name)
```
> A block quote right below a program speaks for it.

## Say what is printed {#say-what-is-printed kind=predict}

There is no answer key: the program is run, and what it prints is the truth.

```python show
with tf.variable_scope("net"):
    with tf.variable_scope("layer"):
        print(tf.get_variable("b", [2]).name)
```
> Said once the answer is known.

```toml wrong
when.text = ["layer/b:0", "layer/b"]
misconception = "only-the-inner-scope-counts"
```

```hint
How many scopes is the call in?
```

```hint
All of them are in the name, the outer one first.
```

## Make it {#make-it kind=code}

Make the variable `net/w` of shape `[2, 3]`.

```python solution
with tf.variable_scope("net"):
    w = tf.get_variable("w", [2, 3])
```
> Said once it is done.

```toml check
compare = ["variables"]
```

```python wrong
w = tf.get_variable("w", [2, 3])
```
> That one is called `w`. Which line puts `net/` before it?

```python wrong
with tf.variable_scope("net"):
    w = tf.get_variable("w", [3, 2])
```
> The name is right. Two rows and three columns were asked for.

```python wrong misconception=name-scope-prefixes-get-variable
with tf.name_scope("net"):
    w = tf.get_variable("w", [2, 3])
```

```hint
A scope is opened by a `with`.
```

```hint
There are two kinds of scope, and `get_variable` minds one of them.
```
"""
