"""`tf.version`, `tf.sysconfig`, `tf.resource_loader`: how TensorFlow was built, files.

The numbers are those of TF 1.15.5 as its makers built it. There are no headers and no
library here to compile and link with: the folders are those of scopetutor itself.
"""

from __future__ import annotations

import os
import sys

from .graph import PRODUCER_VERSION

VERSION = "1.15.5"
GIT_VERSION = "v1.15.4-39-g3db52be"
COMPILER_VERSION = "7.3.1 20180303"
CXX11_ABI_FLAG = 0
MONOLITHIC_BUILD = 0
GRAPH_DEF_VERSION = PRODUCER_VERSION
GRAPH_DEF_VERSION_MIN_CONSUMER = 0
GRAPH_DEF_VERSION_MIN_PRODUCER = 0

_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def get_lib() -> str:
    """The folder where the library would be."""
    return _HERE


def get_include() -> str:
    """The folder where the headers would be."""
    return os.path.join(_HERE, "include")


def get_compile_flags() -> list[str]:
    """What a compiler is told for an operation of one's own."""
    return [f"-I{get_include()}", f"-D_GLIBCXX_USE_CXX11_ABI={CXX11_ABI_FLAG}"]


def get_link_flags() -> list[str]:
    """What a linker is told for an operation of one's own."""
    return [f"-L{get_lib()}", "-l:libtensorflow_framework.so.1"]


# -- files beside a script ---------------------------------------------------------


def _caller() -> str:
    """The folder of the file that calls."""
    return os.path.dirname(sys._getframe(2).f_code.co_filename)


def get_data_files_path() -> str:
    """The folder of the caller's file."""
    return _caller()


def get_path_to_datafile(path: str) -> str:
    """The path of a file that lies beside the caller's."""
    return os.path.join(_caller(), path)


def get_root_dir_with_all_resources() -> str:
    """The folder of TensorFlow's own files."""
    return os.path.dirname(os.path.abspath(__file__))


def load_resource(path: str) -> bytes:
    """The contents of one of TensorFlow's own files."""
    with open(os.path.join(_HERE, path), "rb") as file:
        return file.read()


def readahead_file_path(path: str, readahead: str = "128M") -> str:
    """The path: outside of Google nothing is read ahead."""
    del readahead
    return path
