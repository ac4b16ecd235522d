"""`tf.contrib.slim.utils`: what slim's networks use to gather their end points.

In TensorFlow this is ``contrib/layers/python/layers/utils.py``, which people also
import by its path; here both are ``engine/contrib/collecting.py``.
"""

# ruff: noqa: F401

from scopetutor.engine.contrib.collecting import (
    append_tensor_alias,
    channel_dimension,
    collect_named_outputs,
    constant_value,
    convert_collection_to_dict,
    gather_tensors_aliases,
    get_tensor_aliases,
    get_variable_collections,
    last_dimension,
    n_positive_integers,
    smart_cond,
    static_cond,
    two_element_tuple,
)
