"""`tf.graph_util`: graphs cut down, and variables frozen to constants.

From ``engine/graph_util.py``. What it gives is written as a ``.pb`` file, which
`tf.import_graph_def` reads again.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.graph_import": "import_graph_def",
        "engine.graph_util": (
            "convert_variables_to_constants extract_sub_graph must_run_on_cpu "
            "remove_training_nodes tensor_shape_from_node_def_name"
        ),
    },
)
