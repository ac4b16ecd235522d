"""Assertions of `tf.test.TestCase` on arrays, messages and errors; before `case`.

TF 1.15: tensors are evaluated first, structures are compared item by item, NaN equals
NaN, and `assertAllClose` takes the second value for the right one.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import devices
from scopetutor.engine.op_errors import OpError
from scopetutor.engine.operation import Tensor

from .containers import ContainerChecks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Wanted = str | Callable[[Exception], Any]

_PRODUCER, _MIN_CONSUMER = 134, 0
"""What graph files of TF 1.15.5 say of their version."""


class Checks(ContainerChecks):
    """A test case that can compare arrays."""

    def evaluate(self, tensors: Any) -> Any:
        """The values of tensors; `case` says how."""
        raise NotImplementedError

    def _array(self, value: Any) -> Any:
        if isinstance(value, Tensor):
            value = self.evaluate(value)
        return value if isinstance(value, np.ndarray) else np.array(value)

    # -- values ----------------------------------------------------------------

    def assertNear(self, f1: Any, f2: Any, err: Any, msg: Any = None) -> None:
        """Two numbers differ by at most `err`."""
        near = f1 == f2 or abs(f1 - f2) <= err
        extra = f" ({msg})" if msg is not None else ""
        self.assertTrue(near, f"{f1:f} != {f2:f} +/- {err:f}{extra}")

    def assertArrayNear(
        self, farray1: Any, farray2: Any, err: Any, msg: Any = None
    ) -> None:
        """Each number differs by at most `err`."""
        self.assertEqual(len(farray1), len(farray2), msg)
        for one, other in zip(farray1, farray2, strict=True):
            self.assertNear(float(one), float(other), err, msg)

    def assertNDArrayNear(
        self, ndarray1: Any, ndarray2: Any, err: Any, msg: Any = None
    ) -> None:
        """The norm of the difference is less than `err`."""
        self.assertTrue(np.linalg.norm(ndarray1 - ndarray2) < err, msg)

    def assertAllClose(
        self, a: Any, b: Any, rtol: float = 1e-6, atol: float = 1e-6, msg: Any = None
    ) -> None:
        """Two arrays, or two structures of arrays, are nearly equal."""
        self._close(a, b, rtol, atol, "", msg or "")

    def _close(
        self, a: Any, b: Any, rtol: float, atol: float, path: str, msg: Any
    ) -> None:
        a, b = _as_mapping(a), _as_mapping(b)
        if isinstance(a, Mapping) != isinstance(b, Mapping):
            raise ValueError(
                f"Can't compare dict to non-dict, a{path} vs b{path}. {msg}"
            )
        if isinstance(a, Mapping):
            self.assertCountEqual(
                a.keys(), b.keys(), f"mismatched keys: a{path}. {msg}"
            )
            for key in a:
                self._close(a[key], b[key], rtol, atol, f"{path}[{key}]", msg)
            return
        if not isinstance(a, (list, tuple)):
            self._arrays_close(a, b, rtol, atol, path, msg)
            return
        try:
            self._arrays_close(a, b, rtol, atol, path, msg)
        except (ValueError, TypeError):  # no array: compare the items
            if len(a) != len(b):
                raise ValueError(
                    f"Mismatched length: a{path} has {len(a)} items, but b{path} has "
                    f"{len(b)} items. {msg}"
                ) from None
            for index, (one, other) in enumerate(zip(a, b, strict=True)):
                self._close(one, other, rtol, atol, f"{path}[{index}]", msg)

    def _arrays_close(
        self, a: Any, b: Any, rtol: float, atol: float, path: str, msg: Any
    ) -> None:
        left, right = self._array(a), self._array(b)
        self._same_shape(left, right, msg)
        np.testing.assert_allclose(
            left,
            right,
            rtol=rtol,
            atol=atol,
            err_msg=f"Mismatched value: a{path} is different from b{path}. {msg}",
            equal_nan=True,
        )

    def _same_shape(self, a: Any, b: Any, msg: Any) -> None:
        contents = f" with contents {b}" if b.ndim <= 3 or b.size < 500 else ""
        self.assertEqual(
            a.shape,
            b.shape,
            f"Shape mismatch: expected {a.shape}, got {b.shape}{contents}. {msg or ''}",
        )

    def assertAllCloseAccordingToType(
        self,
        a: Any,
        b: Any,
        rtol: float = 1e-6,
        atol: float = 1e-6,
        float_rtol: float = 1e-6,
        float_atol: float = 1e-6,
        half_rtol: float = 1e-3,
        half_atol: float = 1e-3,
        bfloat16_rtol: float = 1e-2,
        bfloat16_atol: float = 1e-2,
        msg: Any = None,
    ) -> None:
        """`assertAllClose` with room for the least exact of the two types."""
        left, right = self._array(a), self._array(b)
        kinds = {str(left.dtype), str(right.dtype)}
        if kinds & {"float32", "complex64"}:
            rtol, atol = max(rtol, float_rtol), max(atol, float_atol)
        if "float16" in kinds:
            rtol, atol = max(rtol, half_rtol), max(atol, half_atol)
        if "bfloat16" in kinds:
            rtol, atol = max(rtol, bfloat16_rtol), max(atol, bfloat16_atol)
        self.assertAllClose(left, right, rtol, atol, msg)

    def assertNotAllClose(self, a: Any, b: Any, **kwargs: Any) -> None:
        """Two arrays differ somewhere."""
        try:
            self.assertAllClose(a, b, **kwargs)
        except AssertionError:
            return
        raise AssertionError("The two values are close at all elements")

    def assertAllEqual(self, a: Any, b: Any, msg: Any = None) -> None:
        """Two arrays have the same shape and elements."""
        left, right = self._array(a), self._array(b)
        self._same_shape(left, right, msg)
        np.testing.assert_array_equal(left, right, err_msg=str(msg or ""))

    def assertNotAllEqual(self, a: Any, b: Any, msg: Any = None) -> None:
        """Two arrays differ somewhere."""
        try:
            self.assertAllEqual(a, b, msg)
        except AssertionError:
            return
        raise AssertionError("The two values are equal at all elements")

    def assertAllGreater(self, a: Any, comparison_target: Any) -> None:
        """All elements are greater."""
        self.assertGreater(np.min(self._array(a)), comparison_target)

    def assertAllLess(self, a: Any, comparison_target: Any) -> None:
        """All elements are less."""
        self.assertLess(np.max(self._array(a)), comparison_target)

    def assertAllGreaterEqual(self, a: Any, comparison_target: Any) -> None:
        """All elements are greater or equal."""
        self.assertGreaterEqual(np.min(self._array(a)), comparison_target)

    def assertAllLessEqual(self, a: Any, comparison_target: Any) -> None:
        """All elements are less or equal."""
        self.assertLessEqual(np.max(self._array(a)), comparison_target)

    def assertAllInRange(
        self,
        target: Any,
        lower_bound: Any,
        upper_bound: Any,
        open_lower_bound: bool = False,
        open_upper_bound: bool = False,
    ) -> None:
        """All elements lie between two bounds, which may be left out themselves."""
        array = self._array(target)
        if not np.issubdtype(array.dtype, np.number):
            raise AssertionError(
                f"The value of {array} does not have an ordered numeric type, instead "
                f"it has type: {array.dtype}"
            )
        below = array <= lower_bound if open_lower_bound else array < lower_bound
        above = array >= upper_bound if open_upper_bound else array > upper_bound
        wrong = below | above | np.isnan(array)
        if wrong.any():
            opening = "(" if open_lower_bound else "["
            closing = ")" if open_upper_bound else "]"
            raise AssertionError(
                f"{wrong.sum()} of the {array.size} element(s) are outside the range "
                f"{opening}{lower_bound}, {upper_bound}{closing}. "
            )

    def assertAllInSet(self, target: Any, expected_set: Any) -> None:
        """All elements are of a set."""
        array = self._array(target)
        others = np.setdiff1d(array.flatten(), list(expected_set))
        if others.size:
            raise AssertionError(
                f"{others.size} unique element(s) are not in the set {expected_set}: "
                f"{others}"
            )

    def assertDTypeEqual(self, target: Any, expected_dtype: Any) -> None:
        """The array is of a type."""
        self.assertEqual(self._array(target).dtype, expected_dtype)

    def assertShapeEqual(self, np_array: Any, tf_tensor: Any, msg: Any = None) -> None:
        """An array has the static shape of a tensor."""
        if not isinstance(np_array, (np.ndarray, np.generic)):
            raise TypeError("np_array must be a Numpy ndarray or Numpy scalar")
        if not isinstance(tf_tensor, Tensor):
            raise TypeError("tf_tensor must be a Tensor")
        self.assertAllEqual(np_array.shape, tf_tensor.get_shape().as_list(), msg)

    # -- texts, messages, devices ----------------------------------------------

    def assertProtoEquals(
        self, expected_message_maybe_ascii: Any, message: Any, msg: Any = None
    ) -> None:
        """Two messages are the same; the expected one may be in text form."""
        wanted = expected_message_maybe_ascii
        if isinstance(wanted, str):
            from scopetutor.formats import pbtxt_reader  # noqa: PLC0415 - rarely wanted

            expected = type(message)()
            pbtxt_reader.merge(wanted, expected)
        elif isinstance(wanted, type(message)):
            expected = wanted
        else:
            raise AssertionError(
                f"Can't compare protos of type {type(wanted)} and {type(message)}. "
                f"{msg or ''}"
            )
        self.assertEqual(str(expected), str(message), msg)

    def assertProtoEqualsVersion(
        self,
        expected: str,
        actual: Any,
        producer: int = _PRODUCER,
        min_consumer: int = _MIN_CONSUMER,
        msg: Any = None,
    ) -> None:
        """`assertProtoEquals` for a graph with its version."""
        version = f"versions {{ producer: {producer} min_consumer: {min_consumer} }};"
        self.assertProtoEquals(f"{version}\n{expected}", actual, msg)

    def assertDeviceEqual(self, device1: Any, device2: Any, msg: Any = None) -> None:
        """Two spellings are of the same device."""
        one, other = devices.canonical_name(device1), devices.canonical_name(device2)
        said = f"Devices {one} and {other} are not equal. {msg or ''}"
        self.assertEqual(one, other, said)

    # -- errors ----------------------------------------------------------------

    @contextlib.contextmanager
    def assertRaisesWithPredicateMatch(
        self, exception_type: type[Exception], expected_err_re_or_predicate: Wanted
    ) -> Iterator[None]:
        """An error of a type is raised whose text matches, or that satisfies."""
        try:
            yield
        except exception_type as error:
            if not _matches(error, expected_err_re_or_predicate):
                raise AssertionError(
                    f"Exception of type {type(error)}: {error}"
                ) from error
            return
        except Exception as error:
            raise AssertionError(f"Exception of type {type(error)}: {error}") from error
        self.fail(f"{exception_type.__name__} not raised")

    def assertRaisesOpError(
        self, expected_err_re_or_predicate: Wanted
    ) -> contextlib.AbstractContextManager[None]:
        """An operation fails with a text that matches."""
        return self.assertRaisesWithPredicateMatch(
            OpError, expected_err_re_or_predicate
        )


def _as_mapping(value: Any) -> Any:
    return value._asdict() if hasattr(value, "_asdict") else value


def _matches(error: Exception, wanted: Wanted) -> bool:
    if callable(wanted):
        return bool(wanted(error))
    text = str(error)
    if isinstance(error, OpError):
        text = error.message
        op = error.op
        while op is not None:
            text += f"\nCaused by: {op.name}"
            op = getattr(op, "_original_op", None)
    return re.search(wanted, text) is not None
