"""`tf.lookup`: tables of keys and values.

From ``engine/lookup.py``. Mutable tables are in `tf.contrib.lookup`, but for one.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.lookup": "StaticHashTable StaticVocabularyTable",
        "engine.table_initializers": "KeyValueTensorInitializer TextFileIndex "
        "TextFileInitializer",
    },
    submodules="experimental",
)
