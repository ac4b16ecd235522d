"""`tf.contrib.learn.preprocessing`."""

# ruff: noqa: F401

from scopetutor.engine.contrib.learn.text import (
    TOKENIZER_RE,
    ByteProcessor,
    VocabularyProcessor,
    tokenizer,
)
from scopetutor.engine.contrib.learn.vocabulary import CategoricalVocabulary
