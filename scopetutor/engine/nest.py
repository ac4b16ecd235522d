"""Nested structures: lists, tuples, named tuples and dictionaries of anything.

Stands alone. TF 1.15: dictionaries are walked in the order of their sorted keys, text
is no structure; `composites` also opens SparseTensor and IndexedSlices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def is_namedtuple(value: Any) -> bool:
    """Whether it is a named tuple."""
    return isinstance(value, tuple) and hasattr(value, "_fields")


def is_sequence(value: Any) -> bool:
    """Whether it is a structure that `flatten` opens."""
    return isinstance(value, (list, tuple, Mapping))


def _parts_of_composite(value: Any) -> list[Any] | None:
    """The tensors of a sparse tensor, or None for anything else."""
    names = {
        "SparseTensor": ("indices", "values", "dense_shape"),
        "IndexedSlices": ("values", "indices", "dense_shape"),
    }.get(type(value).__name__)
    if names is None:
        return None
    parts = [getattr(value, name) for name in names]
    return [part for part in parts if part is not None]


def _children(value: Any, composites: bool) -> list[Any] | None:
    """What is directly inside a structure, in order; None if it is none."""
    if isinstance(value, (list, tuple)):
        return list(value)
    if isinstance(value, Mapping):
        return [value[key] for key in sorted(value)]
    return _parts_of_composite(value) if composites else None


def _leaves(value: Any, composites: bool) -> Iterator[Any]:
    children = _children(value, composites)
    if children is None:
        yield value
    else:
        for child in children:
            yield from _leaves(child, composites)


def flatten(structure: Any, expand_composites: bool = False) -> list[Any]:
    """Everything in a structure that is no structure itself, in one list."""
    return list(_leaves(structure, expand_composites))


def _like(structure: Any, children: list[Any]) -> Any:
    """A structure of the same kind with other contents."""
    if isinstance(structure, Mapping):
        by_key = dict(zip(sorted(structure), children, strict=True))
        items = [(key, by_key[key]) for key in structure]
        if isinstance(structure, defaultdict):
            return defaultdict(structure.default_factory, items)
        return type(structure)(items)  # type: ignore[call-arg]
    if is_namedtuple(structure):
        return type(structure)(*children)
    if isinstance(structure, (list, tuple)):
        return type(structure)(children)
    return type(structure)(*children)  # a sparse tensor of its parts


def map_structure(
    function: Callable[..., Any], *structures: Any, expand_composites: bool = False
) -> Any:
    """The structure of what a function gives for each element.

    Raises:
        ValueError, TypeError: the structures differ.
    """
    if not callable(function):
        raise TypeError(f"func must be callable, got: {function}")
    for other in structures[1:]:
        assert_same_structure(structures[0], other, expand_composites)
    return _map(function, structures, expand_composites)


def _map(
    function: Callable[..., Any], structures: tuple[Any, ...], composites: bool
) -> Any:
    children = [_children(structure, composites) for structure in structures]
    if children[0] is None:
        return function(*structures)
    mapped = [
        _map(function, together, composites) for together in zip(*children, strict=True)
    ]
    return _like(structures[0], mapped)


def pack_sequence_as(
    structure: Any, flat_sequence: Any, expand_composites: bool = False
) -> Any:
    """A structure of the same kind with the elements of a flat list.

    Raises:
        ValueError: their numbers differ.
    """
    if not is_sequence(flat_sequence):
        raise TypeError("flat_sequence must be a sequence")
    if _children(structure, expand_composites) is None:
        if len(flat_sequence) != 1:
            raise ValueError(
                f"Structure is a scalar but len(flat_sequence) == {len(flat_sequence)}"
                " > 1"
            )
        return flat_sequence[0]
    wanted = len(flatten(structure, expand_composites))
    if wanted != len(flat_sequence):
        raise ValueError(
            f"Could not pack sequence. Structure had {wanted} elements, but "
            f"flat_sequence had {len(flat_sequence)} elements.  Structure: "
            f"{structure}, flat_sequence: {flat_sequence}."
        )
    elements = iter(flat_sequence)
    return _map(lambda _: next(elements), (structure,), expand_composites)


def assert_same_structure(
    nest1: Any, nest2: Any, expand_composites: bool = False, check_types: bool = True
) -> None:
    """Raises unless two structures differ in their elements only.

    Raises:
        ValueError: they are nested differently.
        TypeError: a list is in one where a tuple is in the other.
    """
    problem = _difference(nest1, nest2, expand_composites, check_types)
    if problem is None:
        return
    kind, detail = problem
    first, second = (
        str(map_structure(lambda _: _Dot(), nest)) for nest in (nest1, nest2)
    )
    raise kind(
        "The two structures don't have the same nested structure.\n\n"
        f"First structure: {_described(nest1)}\n\n"
        f"Second structure: {_described(nest2)}\n\n"
        f"More specifically: {detail}\n"
        f"Entire first structure:\n{first}\nEntire second structure:\n{second}"
    )


class _Dot:
    """Stands for an element when a structure is printed."""

    def __repr__(self) -> str:
        return "."


def _described(value: Any) -> str:
    return f"type={type(value).__name__} str={value!s}"


def _difference(
    a: Any, b: Any, composites: bool, check_types: bool
) -> tuple[type[Exception], str] | None:
    """What is different about two structures, and the error for it."""
    inside_a, inside_b = _children(a, composites), _children(b, composites)
    if inside_a is None or inside_b is None:
        if inside_a is inside_b:
            return None
        sequence, other = (b, a) if inside_a is None else (a, b)
        return ValueError, (
            f'Substructure "{_described(sequence)}" is a sequence, while substructure '
            f'"{_described(other)}" is not'
        )
    if check_types and type(a) is not type(b) and not _both_mappings(a, b):
        return TypeError, (
            "The two namedtuples don't have the same sequence type. First structure "
            f"{_described(a)} has type {type(a).__name__}, while second structure "
            f"{_described(b)} has type {type(b).__name__}"
        )
    if _both_mappings(a, b) and set(a) != set(b):
        return ValueError, (
            "The two dictionaries don't have the same set of keys. First structure has "
            f"keys {_described(list(a))}, while second structure has keys "
            f"{_described(list(b))}"
        )
    if len(inside_a) != len(inside_b):
        return ValueError, (
            "The two structures don't have the same number of elements. First "
            f"structure: {_described(a)}. Second structure: {_described(b)}"
        )
    for x, y in zip(inside_a, inside_b, strict=True):
        found = _difference(x, y, composites, check_types)
        if found is not None:
            return found
    return None


def _both_mappings(a: Any, b: Any) -> bool:
    return isinstance(a, Mapping) and isinstance(b, Mapping)


def flatten_dict_items(dictionary: Any) -> dict[Any, Any]:
    """A dictionary whose keys may be structures, with one entry per element.

    Raises:
        ValueError: a key's structure is not its value's, or a key comes twice.
    """
    if not isinstance(dictionary, Mapping):
        raise TypeError("input must be a dictionary")
    flat: dict[Any, Any] = {}
    for key, value in dictionary.items():
        if not is_sequence(key):
            _add_item(flat, key, value)
            continue
        keys, values = flatten(key), flatten(value)
        if len(keys) != len(values):
            raise ValueError(
                f"Could not flatten dictionary. Key had {len(keys)} elements, but "
                f"value had {len(values)} elements. Key: {keys}, value: {values}."
            )
        for inner, item in zip(keys, values, strict=True):
            _add_item(flat, inner, item)
    return flat


def _add_item(flat: dict[Any, Any], key: Any, value: Any) -> None:
    if key in flat:
        raise ValueError(f"Could not flatten dictionary: key {key} is not unique.")
    flat[key] = value


# -- as deep as another structure --------------------------------------------------


def assert_shallow_structure(
    shallow_tree: Any, input_tree: Any, check_types: bool = True
) -> None:
    """Refuses a structure that does not begin as the shallow one does.

    Raises:
        TypeError: a part is no structure, or one of another kind.
        ValueError: the lengths differ.
    """
    if not is_sequence(shallow_tree):
        return
    if not is_sequence(input_tree):
        raise TypeError(
            "If shallow structure is a sequence, input must also be a sequence. "
            f"Input has type: {type(input_tree)}."
        )
    same = type(shallow_tree) is type(input_tree)
    if check_types and not same and not _both_mappings(shallow_tree, input_tree):
        raise TypeError(
            "The two structures don't have the same sequence type. Input structure has "
            f"type {type(input_tree)}, while shallow structure has type "
            f"{type(shallow_tree)}."
        )
    if len(shallow_tree) != len(input_tree):
        raise ValueError(
            "The two structures don't have the same sequence length. Input structure "
            f"has length {len(input_tree)}, while shallow structure has length "
            f"{len(shallow_tree)}."
        )
    shallow, deep = _children(shallow_tree, False), _children(input_tree, False)
    for ours, theirs in zip(shallow or [], deep or [], strict=True):
        assert_shallow_structure(ours, theirs, check_types)


def flatten_up_to(
    shallow_tree: Any, input_tree: Any, check_types: bool = True
) -> list[Any]:
    """What of a structure lies where the shallow one has its elements."""
    assert_shallow_structure(shallow_tree, input_tree, check_types)
    return list(_up_to(shallow_tree, input_tree))


def _up_to(shallow_tree: Any, input_tree: Any) -> Iterator[Any]:
    shallow = _children(shallow_tree, False)
    if shallow is None:
        yield input_tree
    else:
        deep = _children(input_tree, False) or []
        for ours, theirs in zip(shallow, deep, strict=True):
            yield from _up_to(ours, theirs)


def map_structure_up_to(
    shallow_tree: Any, function: Callable[..., Any], *inputs: Any
) -> Any:
    """The shallow structure, of what a function gives for the parts of the inputs."""
    if not inputs:
        raise ValueError("Cannot map over no sequences")
    flat = [flatten_up_to(shallow_tree, each) for each in inputs]
    results = [function(*parts) for parts in zip(*flat, strict=True)]
    return pack_sequence_as(shallow_tree, results)


def get_traverse_shallow_structure(
    traverse_fn: Callable[[Any], Any], structure: Any
) -> Any:
    """Where a function wants to go deeper: a structure that ends in flags.

    Args:
        traverse_fn: gives for a part a flag, or flags of the part's own structure.
        structure: the structure to walk.

    Raises:
        TypeError: the function gives something else.
    """
    wanted = traverse_fn(structure)
    if not is_sequence(structure):
        if not isinstance(wanted, bool):
            raise TypeError(
                f"traverse_fn returned a non-bool: {wanted} for structure: {structure}"
            )
        return wanted
    children = _children(structure, False) or []
    if isinstance(wanted, bool):
        if not wanted:
            return False
        return _like(
            structure,
            [get_traverse_shallow_structure(traverse_fn, child) for child in children],
        )
    flags = _children(wanted, False)
    if flags is None:
        raise TypeError(
            "traverse_fn didn't return a structure of bools nor a bool for structure: "
            f"{structure}"
        )
    return _like(
        structure,
        [
            get_traverse_shallow_structure(traverse_fn, child) if flag else False
            for flag, child in zip(flags, children, strict=True)
        ],
    )
