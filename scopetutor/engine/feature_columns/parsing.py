"""How `tf.parse_example` reads what columns need: `make_parse_example_spec`.

After columns, each of which knows its features; what comes out is given to
`tf.parse_example`. Ready-made Estimators add a label to it.
"""

from __future__ import annotations

from typing import Any

from .columns import FeatureColumn


def make_parse_example_spec(feature_columns: Any) -> dict[str, Any]:
    """The features that some columns need, by name.

    Raises:
        ValueError: one is no column, or two read a feature differently.
    """
    found: dict[str, Any] = {}
    for column in feature_columns:
        if not isinstance(column, FeatureColumn):
            raise ValueError(
                f"All feature_columns must be _FeatureColumn instances. Given: {column}"
            )
        spec = column.parse_example_spec
        for key, value in spec.items():
            if key in found and value != found[key]:
                raise ValueError(
                    "feature_columns contain different parse_spec for key "
                    f"{key}. Given {value} and {found[key]}"
                )
        found.update(spec)
    return found
