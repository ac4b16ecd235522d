"""What `tensorflow.python.framework.versions` says of TensorFlow 1.15.5.

Stands beside ``graph.py``, whose number it repeats; a program that checks versions
before it imports a graph finds it by that path.
"""

from __future__ import annotations

from scopetutor.engine.graph import PRODUCER_VERSION

VERSION = __version__ = "1.15.5"
GIT_VERSION = __git_version__ = "v1.15.4-39-g3db52be"
COMPILER_VERSION = __compiler_version__ = "7.3.1 20180303"
CXX11_ABI_FLAG = __cxx11_abi_flag__ = 0
MONOLITHIC_BUILD = __monolithic_build__ = 0
GRAPH_DEF_VERSION = PRODUCER_VERSION
GRAPH_DEF_VERSION_MIN_CONSUMER = GRAPH_DEF_VERSION_MIN_PRODUCER = 0
