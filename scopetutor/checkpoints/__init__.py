"""What checkpoints hold, how two of them differ, and how to change one.

In the order in which things flow::

    contents.py    a checkpoint's index -> Contents, plain values; roles.py says what
                   each tensor is (a weight, an optimizer's slot, an average, …)
    compare.py     two sides -> Comparison: missing, extra, other shapes; renames.py
                   (with spellings.py) guesses which missing name is which extra one
    name_maps.py   a map of names, from a file, a pattern or a guess, and what it does
    rewrite.py     Contents and a choice of tensors -> a new checkpoint
    exchange.py    to and from NumPy's and safetensors' files
    statistics.py  one tensor's values in figures;  verify.py: all bytes checked
    porting.py     what becomes of each tensor in PyTorch and Flax
    graphs.py      the same questions for `.meta` files and frozen graphs

Before this come ``formats`` (the bytes), after it ``render`` and ``cli``. Only what
reads values loads NumPy.
"""
