"""Assertions on texts and containers that `tf.test.TestCase` has from absl.

Before ``checks.py``, which adds those on arrays, messages and errors.
"""

from __future__ import annotations

import contextlib
import itertools
import operator
import re
import unittest
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class ContainerChecks(unittest.TestCase):
    """A test case that can look into containers."""

    assertItemsEqual = unittest.TestCase.assertCountEqual  # noqa: N815
    assertRaisesRegexp = unittest.TestCase.assertRaisesRegex  # noqa: N815
    # Python 3.12 has no longer what tests of TF 1 are written with.
    assertEquals = unittest.TestCase.assertEqual  # noqa: N815
    assertNotEquals = unittest.TestCase.assertNotEqual  # noqa: N815
    assertAlmostEquals = unittest.TestCase.assertAlmostEqual  # noqa: N815
    assertRegexpMatches = unittest.TestCase.assertRegex  # noqa: N815
    assertNotRegexpMatches = unittest.TestCase.assertNotRegex  # noqa: N815
    assert_ = unittest.TestCase.assertTrue

    def _hold(self, holds: Any, said: str, msg: Any) -> None:
        if not holds:
            self.fail(f"{said} : {msg}" if msg else said)

    # -- texts -----------------------------------------------------------------

    def assertStartsWith(
        self, actual: str, expected_start: str, msg: Any = None
    ) -> None:
        """A text begins with another one."""
        holds = actual.startswith(expected_start)
        self._hold(holds, f"{actual!r} does not start with {expected_start!r}", msg)

    def assertNotStartsWith(
        self, actual: str, unexpected_start: str, msg: Any = None
    ) -> None:
        """A text does not begin with another one."""
        holds = not actual.startswith(unexpected_start)
        self._hold(holds, f"{actual!r} does start with {unexpected_start!r}", msg)

    def assertEndsWith(self, actual: str, expected_end: str, msg: Any = None) -> None:
        """A text ends with another one."""
        holds = actual.endswith(expected_end)
        self._hold(holds, f"{actual!r} does not end with {expected_end!r}", msg)

    def assertNotEndsWith(
        self, actual: str, unexpected_end: str, msg: Any = None
    ) -> None:
        """A text does not end with another one."""
        holds = not actual.endswith(unexpected_end)
        self._hold(holds, f"{actual!r} does end with {unexpected_end!r}", msg)

    def assertRegexMatch(
        self, actual_str: str, regexes: Any, message: Any = None
    ) -> None:
        """One of several patterns is found in a text."""
        holds = any(re.search(pattern, actual_str) for pattern in regexes)
        self._hold(holds, f"{actual_str!r} does not match any of {regexes!r}", message)

    def assertContainsInOrder(self, strings: Any, target: str, msg: Any = None) -> None:
        """Texts are found in a longer one, one after the other."""
        at = 0
        for text in [strings] if isinstance(strings, str) else strings:
            found = target.find(text, at)
            self._hold(found >= 0, f"Did not find {text!r} in {target[at:]!r}", msg)
            at = found

    # -- containers ------------------------------------------------------------

    def assertEmpty(self, container: Any, msg: Any = None) -> None:
        """There is nothing in it."""
        self._hold(len(container) == 0, f"{container!r} has items in it", msg)

    def assertNotEmpty(self, container: Any, msg: Any = None) -> None:
        """There is something in it."""
        self._hold(len(container) != 0, f"{container!r} has no items in it", msg)

    def assertLen(self, container: Any, expected_len: int, msg: Any = None) -> None:
        """There are so many in it."""
        self.assertEqual(len(container), expected_len, msg)

    def assertSequenceStartsWith(
        self, prefix: Any, whole: Any, msg: Any = None
    ) -> None:
        """A sequence begins with others."""
        parts = list(prefix) if hasattr(prefix, "__len__") else [prefix]
        self._hold(len(parts), "Prefix length must be greater than 0", msg)
        self.assertSequenceEqual(parts, list(whole)[: len(parts)], msg)

    def assertSequenceAlmostEqual(
        self, expected_seq: Any, actual_seq: Any, places: Any = None, msg: Any = None,
        delta: Any = None,
    ) -> None:  # fmt: skip
        """Numbers are nearly those of another sequence."""
        self.assertEqual(len(expected_seq), len(actual_seq), msg)
        for one, other in zip(expected_seq, actual_seq, strict=True):
            self.assertAlmostEqual(one, other, places, msg, delta)

    def assertContainsSubset(
        self, expected_subset: Any, actual_set: Any, msg: Any = None
    ) -> None:
        """All of some are in a container."""
        missing = [item for item in expected_subset if item not in actual_set]
        self._hold(not missing, f"Missing elements {missing!r}", msg)

    def assertNoCommonElements(
        self, expected_seq: Any, actual_seq: Any, msg: Any = None
    ) -> None:
        """No element is in both."""
        common = [item for item in expected_seq if item in actual_seq]
        self._hold(not common, f"Common elements {common!r}", msg)

    def assertSameElements(
        self, expected_seq: Any, actual_seq: Any, msg: Any = None
    ) -> None:
        """Two containers have the same elements, however often and in any order."""
        for text in (expected_seq, actual_seq):
            self.assertNotIsInstance(text, (str, bytes), "Passing a string")
        self.assertContainsSubset(expected_seq, list(actual_seq), msg)
        self.assertContainsSubset(actual_seq, list(expected_seq), msg)

    def assertContainsSubsequence(
        self, container: Any, subsequence: Any, msg: Any = None
    ) -> None:
        """Elements are found one after the other, with others between them."""
        rest = iter(container)
        holds = all(any(item == one for one in rest) for item in subsequence)
        self._hold(holds, f"{subsequence!r} not a subsequence of {container!r}", msg)

    def assertContainsExactSubsequence(
        self, container: Any, subsequence: Any, msg: Any = None
    ) -> None:
        """Elements are found one after the other, and none between them."""
        every, wanted = list(container), list(subsequence)
        holds = any(
            every[at : at + len(wanted)] == wanted for at in range(len(every) + 1)
        )
        said = f"{subsequence!r} not an exact subsequence of {container!r}"
        self._hold(holds, said, msg)

    def assertSameStructure(
        self, a: Any, b: Any, aname: str = "a", bname: str = "b", msg: Any = None
    ) -> None:
        """Two nested structures are equal."""
        del aname, bname
        self.assertEqual(a, b, msg)

    # -- order -----------------------------------------------------------------

    def assertBetween(self, value: Any, minv: Any, maxv: Any, msg: Any = None) -> None:
        """A value lies between two others, or is one of them."""
        said = f"{value!r} unexpectedly not between {minv!r} and {maxv!r}"
        self._hold(minv <= value <= maxv, said, msg)

    def assertTotallyOrdered(self, *groups: Any, **kwargs: Any) -> None:
        """Those of a group are equal, and less than those of the groups after it."""
        msg = kwargs.get("msg")
        for index, group in enumerate(groups):
            for one, other in itertools.product(group, repeat=2):
                self._compare(one, other, (operator.eq, operator.le, operator.ge), msg)
            for later in itertools.chain(*groups[index + 1 :]):
                for one in group:
                    self._compare(one, later, (operator.lt, operator.ne), msg)

    def _compare(
        self, one: Any, other: Any, ways: tuple[Callable[..., Any], ...], msg: Any
    ) -> None:
        for way in ways:
            self._hold(way(one, other), f"{one!r} {way.__name__} {other!r} fails", msg)

    # -- errors ----------------------------------------------------------------

    @contextlib.contextmanager
    def assertRaisesWithLiteralMatch(
        self, expected_exception: type[Exception], expected_exception_message: str
    ) -> Iterator[None]:
        """An error of a type is raised with exactly this text."""
        with self.assertRaises(expected_exception) as raised:
            yield
        self.assertEqual(expected_exception_message, str(raised.exception))
