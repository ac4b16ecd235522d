"""Compares recorded programs with what scopetutor does; prints the differences.

    python tests/conformance/compare.py RECORDED.jsonl.xz [--show SEED] [--most N]

Differences are grouped by the kind of line, the most frequent first.
"""

import argparse
import collections
import difflib
import json
import lzma
import re
import sys

import numpy as np
from replay import same, transcripts


def differences(expected, found):
    """[(line that was expected, line that came)], with "" where there is none."""
    if len(expected) == len(found):
        pairs = zip(expected, found)
        return [(a, b) for a, b in pairs if not same(a, b)]
    pairs = []
    matcher = difflib.SequenceMatcher(None, expected, found, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            left, right = expected[i:j], found[k:m]
            width = max(len(left), len(right))
            left += [""] * (width - len(left))
            right += [""] * (width - len(right))
            pairs += [(a, b) for a, b in zip(left, right) if not same(a, b)]
    return pairs


def kind(source, pair):
    """A short name for what differs: the statement's call and the words of the line."""
    line = pair[0] or pair[1]
    number = line.partition(":")[0]
    text = ""
    if number.isdigit():
        text = source.split("\n")[int(number) - 1].strip()
        text = re.sub(r"^\w+ = ", "", text)
        text = re.match(r"[^(\[]*", text).group()
        text = re.sub(r"\d+", "#", text)
    what = line.partition(": ")[2].partition(" = ")[0]
    return "%s | %s" % (text, re.sub(r"\d+|\[.*\]", "#", what.split("/")[-1]))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("recorded")
    arguments.add_argument("--show", type=int)
    arguments.add_argument("--most", type=int, default=25)
    given = arguments.parse_args()
    from scopetutor import tf

    np.set_printoptions(legacy="1.25")
    tf.logging.set_verbosity(tf.logging.FATAL)
    with lzma.open(given.recorded, "rt") as file:
        programs = [json.loads(line) for line in file]
    if given.show is not None:
        programs = [p for p in programs if p["seed"] == given.show]
    groups = collections.OrderedDict()
    bad = 0
    for program, lines in zip(
        programs, transcripts(tf, [p["source"] for p in programs])
    ):
        found = differences(program["lines"], lines)
        bad += bool(found)
        if given.show is not None:
            show(program, found)
        for pair in found[:3]:
            groups.setdefault(kind(program["source"], pair), []).append(
                (program["seed"], pair)
            )
    for name, members in sorted(groups.items(), key=lambda item: -len(item[1]))[
        : given.most
    ]:
        _, (expected, came) = members[0]
        print(
            "%4d  %s  (seeds %s)"
            % (len(members), name, ", ".join(str(s) for s, _ in members[:5]))
        )
        print(
            "        expected: %s\n        came:     %s" % (expected[:400], came[:400])
        )
    print("%d of %d programs identical" % (len(programs) - bad, len(programs)))
    return 1 if bad else 0


def show(program, found):
    lines = program["source"].split("\n")
    start = (
        next(
            i
            for i, line in enumerate(lines)
            if line.startswith("  return next_creator")
            and "use_resource" in lines[i - 1]
        )
        + 1
    )
    for number, line in list(enumerate(lines, 1))[start:]:
        print("%3d %s" % (number, line))
    for expected, came in found:
        print("- %s\n+ %s" % (expected, came))


if __name__ == "__main__":
    sys.exit(main())
