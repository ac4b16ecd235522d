"""The operations, one file per family; each says how they are shaped and computed.

Each calls `define` of ``registry.py`` for its types, and has the functions that
programs call; those add operations with `apply`. A file is loaded when it is first
needed, a file of gradients when the first gradient is.
"""
