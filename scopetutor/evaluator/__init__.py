"""From the text of an entry to what came of it: the learner's code meets the engine.

`workspace.server` hands it entries. `run` runs one, `observe` and `provenance` note
what it did and from where, and all of it goes back as the plain values of `outcome` and
`snapshot`.
"""
