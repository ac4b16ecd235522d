"""`tf.keras.preprocessing.text`: texts made lists of numbers.

Before ``sequences.py`` and a model, in plain Python. TF 1.15: 0 is no word, so an
`Embedding` needs one row more than there are words.
"""

from __future__ import annotations

import json
import warnings
from collections import Counter, OrderedDict, defaultdict
from hashlib import md5
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'


def text_to_word_sequence(
    text: str, filters: str = _FILTERS, lower: bool = True, split: str = " "
) -> list[str]:
    """The words of a text.

    Args:
        text: the text.
        filters: characters that are no part of words.
        lower: whether it is made lower case.
        split: what is between words.
    """
    if lower:
        text = text.lower()
    table: dict[str, Any] = dict.fromkeys(filters, split)
    text = text.translate(str.maketrans(table))
    return [word for word in text.split(split) if word]


def one_hot(
    text: str, n: int, filters: str = _FILTERS, lower: bool = True, split: str = " "
) -> list[int]:
    """A number below n for each word, by Python's `hash`."""
    return hashing_trick(text, n, hash, filters, lower, split)


def hashing_trick(
    text: str,
    n: int,
    hash_function: Any = None,
    filters: str = _FILTERS,
    lower: bool = True,
    split: str = " ",
) -> list[int]:
    """A number from 1 to n - 1 for each word.

    Args:
        text: the text.
        n: how many numbers there are.
        hash_function: None: Python's `hash`; "md5"; or a function of a word.
        filters: characters that are no part of words.
        lower: whether it is made lower case.
        split: what is between words.
    """
    make = hash_function or hash
    if hash_function == "md5":

        def make(word: str) -> int:
            return int(md5(word.encode()).hexdigest(), 16)

    words = text_to_word_sequence(text, filters, lower, split)
    return [make(word) % (n - 1) + 1 for word in words]


class Tokenizer:
    """Numbers words by how often they come, the most frequent is 1.

    Args:
        num_words: only numbers below this are given; None: all.
        filters: characters that are no part of words.
        lower: whether texts are made lower case.
        split: what is between words.
        char_level: whether characters are numbered, and not words.
        oov_token: stands for words that are not known; None: they are left out.
        document_count: how many texts were looked at before.
        kwargs: `nb_words` is the old name of num_words.

    Attributes:
        word_index: word -> number.
        index_word: number -> word.
        word_counts: word -> how often it came.
        word_docs, index_docs: word or number -> in how many texts it came.
    """

    def __init__(
        self,
        num_words: int | None = None,
        filters: str = _FILTERS,
        lower: bool = True,
        split: str = " ",
        char_level: bool = False,
        oov_token: Any = None,
        document_count: int = 0,
        **kwargs: Any,
    ) -> None:
        if "nb_words" in kwargs:
            warnings.warn(
                "The `nb_words` argument in `Tokenizer` has been renamed `num_words`.",
                stacklevel=2,
            )
            num_words = kwargs.pop("nb_words")
        if kwargs:
            raise TypeError(f"Unrecognized keyword arguments: {kwargs}")
        self.word_counts: Any = OrderedDict()
        self.word_docs: Any = defaultdict(int)
        self.filters = filters
        self.split = split
        self.lower = lower
        self.num_words = num_words
        self.document_count = document_count
        self.char_level = char_level
        self.oov_token = oov_token
        self.index_docs: Any = defaultdict(int)
        self.word_index: dict[Any, int] = {}
        self.index_word: dict[int, Any] = {}

    # -- learning ----------------------------------------------------------------------

    def fit_on_texts(self, texts: Any) -> None:
        """Counts the words of some texts, and numbers them."""
        for text in texts:
            self.document_count += 1
            words = self._words(text)
            for word in words:
                self.word_counts[word] = self.word_counts.get(word, 0) + 1
            for word in set(words):
                self.word_docs[word] += 1
        frequent = sorted(self.word_counts.items(), key=lambda item: -item[1])
        known = [] if self.oov_token is None else [self.oov_token]
        known += [word for word, _ in frequent]
        self.word_index = {word: i + 1 for i, word in enumerate(known)}
        self.index_word = {i: word for word, i in self.word_index.items()}
        for word, count in self.word_docs.items():
            self.index_docs[self.word_index[word]] = count

    def fit_on_sequences(self, sequences: Any) -> None:
        """Counts in how many of some lists each number comes."""
        self.document_count += len(sequences)
        for one in sequences:
            for number in set(one):
                self.index_docs[number] += 1

    def _words(self, text: Any) -> Any:
        if not self.char_level and not isinstance(text, list):
            return text_to_word_sequence(text, self.filters, self.lower, self.split)
        if not self.lower:
            return text
        if isinstance(text, list):
            return [word.lower() for word in text]
        return text.lower()

    # -- numbers of words, and words of numbers ----------------------------------------

    def _told(self, items: Any, known: Any, numbers: Any) -> list[Any]:
        """What is known of some items; the token for what is not, or beyond the limit.

        Args:
            items: words or numbers.
            known: what they become.
            numbers: the number of an item and of what it becomes.
        """
        token = self.word_index.get(self.oov_token)
        unknown = self.index_word.get(token) if known is self.index_word else token
        found = []
        for item in items:
            value = known.get(item)
            if value is None:
                if self.oov_token is not None:
                    found.append(unknown)
            elif self.num_words and numbers(item, value) >= self.num_words:
                if token is not None:
                    found.append(unknown)
            else:
                found.append(value)
        return found

    def texts_to_sequences(self, texts: Any) -> list[list[int]]:
        """The numbers of the words of some texts."""
        return list(self.texts_to_sequences_generator(texts))

    def texts_to_sequences_generator(self, texts: Any) -> Iterator[list[int]]:
        """The numbers of the words of some texts, text by text."""
        for text in texts:
            words = self._words(text)
            yield self._told(words, self.word_index, lambda _, number: number)

    def sequences_to_texts(self, sequences: Any) -> list[str]:
        """The words of some lists of numbers, as texts."""
        return list(self.sequences_to_texts_generator(sequences))

    def sequences_to_texts_generator(self, sequences: Any) -> Iterator[str]:
        """The words of some lists of numbers, as texts, one by one."""
        for one in sequences:
            words = self._told(one, self.index_word, lambda number, _: number)
            yield " ".join(words)

    # -- tables ------------------------------------------------------------------------

    def texts_to_matrix(self, texts: Any, mode: str = "binary") -> Any:
        """A row for each text, a column for each word."""
        return self.sequences_to_matrix(self.texts_to_sequences(texts), mode=mode)

    def sequences_to_matrix(self, sequences: Any, mode: str = "binary") -> Any:
        """A row for each list of numbers, a column for each number.

        Args:
            sequences: lists of numbers.
            mode: "binary", "count", "freq" or "tfidf".

        Raises:
            ValueError: the mode is none, or nothing was learned yet.
        """
        if not self.num_words and not self.word_index:
            raise ValueError(
                "Specify a dimension (`num_words` argument), or fit on some text data "
                "first."
            )
        columns = self.num_words or len(self.word_index) + 1
        if mode == "tfidf" and not self.document_count:
            raise ValueError("Fit the Tokenizer on some data before using tfidf mode.")
        found = np.zeros((len(sequences), columns))
        for i, one in enumerate(sequences):
            counts = Counter(number for number in one if number < columns)
            for number, count in counts.items():
                found[i, number] = self._weight(number, count, len(one), mode)
        return found

    def _weight(self, number: int, count: int, length: int, mode: str) -> float:
        if mode == "binary":
            return 1
        if mode == "count":
            return count
        if mode == "freq":
            return count / length
        if mode != "tfidf":
            raise ValueError("Unknown vectorization mode:", mode)
        texts = 1 + self.index_docs.get(number, 0)
        rare = np.log(1 + self.document_count / texts)
        return float((1 + np.log(count)) * rare)

    # -- as data -----------------------------------------------------------------------

    def get_config(self) -> dict[str, Any]:
        """All that it knows, as plain data."""
        names = "num_words filters lower split char_level oov_token document_count"
        learned = "word_counts word_docs index_docs index_word word_index"
        return {name: getattr(self, name) for name in names.split()} | {
            name: json.dumps(getattr(self, name)) for name in learned.split()
        }

    def to_json(self, **kwargs: Any) -> str:
        """All that it knows, as JSON."""
        data = {"class_name": type(self).__name__, "config": self.get_config()}
        return json.dumps(data, **kwargs)
