"""`tf.resource_loader`: files that lie beside a program's own.

From ``engine/installation.py``; the root of all resources is scopetutor's own folder.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.installation": (
            "get_data_files_path get_path_to_datafile "
            "get_root_dir_with_all_resources load_resource readahead_file_path"
        )
    },
)
