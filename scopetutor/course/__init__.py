"""The course: what a lesson is, how it is read, and how an answer is judged.

In the order of the flow: `pieces` (Markdown to pieces), `load` (pieces to a `Lesson` of
`model`), `shelf` (where courses lie), `bench` (runs a step in a workspace), `checks`
and `answers` (an attempt against the goal), `detectors` (what a mistake says about a
belief of `misconceptions`), `judge` (the verdict), `drills` (endless questions), `lint`
and `mutants` (is a lesson right?).
"""
