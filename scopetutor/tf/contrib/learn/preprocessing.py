"""`tf.contrib.learn.preprocessing`: documents as rows of numbers.

`VocabularyProcessor` made the inputs of the text classifiers everybody copied. From
``engine/contrib/learn``, which knows no graph.
"""

# ruff: noqa: F401

from scopetutor.engine.contrib.learn.text import (
    TOKENIZER_RE,
    ByteProcessor,
    VocabularyProcessor,
    tokenizer,
)
from scopetutor.engine.contrib.learn.vocabulary import CategoricalVocabulary
