"""`VocabularyProcessor` and `ByteProcessor`: documents as rows of numbers.

After ``vocabulary.py``, which numbers the words. What comes out is NumPy and goes into
`feed_dict`; no graph is involved.
"""

from __future__ import annotations

import pickle
import re
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from scopetutor.engine.deprecation import deprecated
from scopetutor.engine.gfile import GFile

from .vocabulary import INSTEAD, CategoricalVocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_MODULE = "tensorflow.contrib.learn.python.learn.preprocessing.text"
Array = np.ndarray[Any, Any]

TOKENIZER_RE = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z][a-z]+(?=[A-Z])|[\'\w\-]+")
"""A word: capitals together, a word of CamelCase, or letters, hyphens and quotes."""


@deprecated("tokenizer", _MODULE, INSTEAD)
def tokenizer(iterator: Iterable[str]) -> Iterator[list[str]]:
    """The words of each text."""
    return map(TOKENIZER_RE.findall, iterator)


class ByteProcessor:
    """Documents as their bytes.

    Args:
        max_document_length: the length of a row; longer ones are cut, others padded
            with 0.
    """

    @deprecated("ByteProcessor.__init__", _MODULE, INSTEAD)
    def __init__(self, max_document_length: int) -> None:
        self.max_document_length = max_document_length

    def fit(self, x: Any) -> None:
        """There is nothing to learn."""

    def fit_transform(self, x: Any) -> Iterator[Array]:
        """The rows of all documents."""
        return self.transform(x)

    def reverse(self, x: Any) -> Iterator[str]:
        """The documents of rows; "" where the bytes are no UTF-8."""
        for data in x:
            try:
                row = np.trim_zeros(data.astype(np.int8), trim="b")
                yield row.tobytes().decode()
            except UnicodeDecodeError:
                yield ""

    def transform(self, x: Any) -> Iterator[Array]:
        """A row of uint8 for each document."""
        for document in x:
            data = document.encode() if isinstance(document, str) else document
            kept = np.frombuffer(data[: self.max_document_length], dtype=np.uint8)
            yield np.pad(kept, (0, self.max_document_length - len(kept)), "constant")


class VocabularyProcessor:
    """Documents as the numbers of their words.

    Args:
        max_document_length: the length of a row; longer ones are cut, others padded
            with 0.
        min_frequency: words that do not come more often are not known.
        vocabulary: None: a new one.
        tokenizer_fn: (documents), gives the words of each; None: `tokenizer`.
    """

    @deprecated("VocabularyProcessor.__init__", _MODULE, INSTEAD)
    def __init__(
        self,
        max_document_length: int,
        min_frequency: int = 0,
        vocabulary: CategoricalVocabulary | None = None,
        tokenizer_fn: Callable[..., Any] | None = None,
    ) -> None:
        self.max_document_length = max_document_length
        self.min_frequency = min_frequency
        self.vocabulary_ = vocabulary or CategoricalVocabulary()
        self._tokenizer = tokenizer_fn or tokenizer

    def fit(self, raw_documents: Any, unused_y: Any = None) -> Self:
        """Learns the words of documents, and no others later."""
        for words in self._tokenizer(raw_documents):
            for word in words:
                self.vocabulary_.add(word)
        if self.min_frequency > 0:
            self.vocabulary_.trim(self.min_frequency)
        self.vocabulary_.freeze()
        return self

    def fit_transform(
        self, raw_documents: Any, unused_y: Any = None
    ) -> Iterator[Array]:
        """Learns the words of documents, and gives their rows."""
        self.fit(raw_documents)
        return self.transform(raw_documents)

    def transform(self, raw_documents: Any) -> Iterator[Array]:
        """A row of int64 for each document."""
        for words in self._tokenizer(raw_documents):
            row = np.zeros(self.max_document_length, np.int64)
            for place, word in enumerate(words[: self.max_document_length]):
                row[place] = self.vocabulary_.get(word)
            yield row

    def reverse(self, documents: Any) -> Iterator[str]:
        """The words of rows, with spaces between them."""
        for row in documents:
            yield " ".join(self.vocabulary_.reverse(number) for number in row)

    def save(self, filename: Any) -> None:
        """Writes the processor into a file, which only scopetutor reads."""
        with GFile(filename, "wb") as file:
            file.write(pickle.dumps(self))

    @classmethod
    def restore(cls, filename: Any) -> Any:
        """The processor that `save` wrote."""
        with GFile(filename, "rb") as file:
            return pickle.loads(file.read())
