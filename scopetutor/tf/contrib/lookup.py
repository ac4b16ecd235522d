"""`tf.contrib.lookup`: tables of keys and values.

From ``engine/lookup.py``, and ``engine/contrib/lookup.py`` for what `tf.lookup` has no
more. In TF 1.15 `MutableHashTable` is here only.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.contrib.lookup": (
            "index_table_from_tensor index_to_string index_to_string_table_from_tensor "
            "string_to_index string_to_index_table_from_file "
            "string_to_index_table_from_tensor"
        ),
        "engine.lookup": "FastHashSpec HashTable HasherSpec IdTableWithHashBuckets "
        "InitializableLookupTableBase LookupInterface StrongHashSpec "
        "index_table_from_file index_to_string_table_from_file",
        "engine.table_initializers": "KeyValueTensorInitializer TableInitializerBase "
        "TextFileIdTableInitializer TextFileIndex TextFileInitializer "
        "TextFileStringTableInitializer",
        "engine.mutable_lookup": "MutableDenseHashTable MutableHashTable",
    },
)
