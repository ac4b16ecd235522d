"""`CategoricalVocabulary`: a number for each category, in the order they come.

Before ``text.py``. TF 1.15: 0 is the unknown category, so the first word gets 1.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from scopetutor.engine.deprecation import deprecated

INSTEAD = "Please use tensorflow/transform or tf.data."


class CategoricalVocabulary:
    """Numbers of categories; what is not known is 0.

    Args:
        unknown_token: the category of what is not known.
        support_reverse: whether `reverse` may be asked.
    """

    @deprecated(
        "CategoricalVocabulary.__init__",
        "tensorflow.contrib.learn.python.learn.preprocessing.categorical_vocabulary",
        INSTEAD,
    )
    def __init__(
        self, unknown_token: str = "<UNK>", support_reverse: bool = True
    ) -> None:
        self._unknown_token = unknown_token
        self._support_reverse = support_reverse
        self._freq: dict[Any, int] = defaultdict(int)
        self._freeze = False
        self._forget()

    def _forget(self) -> None:
        self._mapping: dict[Any, int] = {self._unknown_token: 0}
        self._reverse_mapping: list[Any] = [self._unknown_token]

    def __len__(self) -> int:
        """How many there are, with the unknown one."""
        return len(self._mapping)

    def freeze(self, freeze: bool = True) -> None:
        """From now on no new category gets a number; or again."""
        self._freeze = freeze

    def get(self, category: Any) -> int:
        """The category's number; a new one unless the vocabulary is frozen."""
        if category not in self._mapping:
            if self._freeze:
                return 0
            self._learn(category)
        return self._mapping[category]

    def _learn(self, category: Any) -> None:
        self._mapping[category] = len(self._mapping)
        self._reverse_mapping.append(category)

    def add(self, category: Any, count: int = 1) -> None:
        """Counts a category."""
        if self.get(category) > 0:
            self._freq[category] += count

    def trim(self, min_frequency: int, max_frequency: int = -1) -> None:
        """Keeps the categories that came more often than `min_frequency`.

        Those that came `max_frequency` times or more go too, if it is positive. The
        most frequent gets the number 1.
        """
        named = sorted(
            self._freq.items(), key=lambda item: (isinstance(item[0], str), item[0])
        )
        ranked = sorted(named, key=lambda item: item[1], reverse=True)
        self._forget()
        for category, count in ranked:
            if 0 < max_frequency <= count:
                continue
            if count <= min_frequency:
                break
            self._learn(category)
        self._freq = dict(ranked[: len(self._mapping) - 1])

    def reverse(self, class_id: int) -> Any:
        """The category of a number.

        Raises:
            ValueError: the vocabulary was made without it.
        """
        if not self._support_reverse:
            raise ValueError(
                "This vocabulary wasn't initialized with support_reverse to support "
                "reverse() function."
            )
        return self._reverse_mapping[class_id]
