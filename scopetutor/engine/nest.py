"""Nested structures: lists, tuples, named tuples and dictionaries of anything.

Stands alone. TF 1.15: dictionaries are walked in the order of their sorted keys, text
is no structure; `composites` also opens SparseTensor and IndexedSlices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, MappingView, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def is_namedtuple(value: Any) -> bool:
    """Whether it is a named tuple."""
    return isinstance(value, tuple) and hasattr(value, "_fields")


def is_sequence_or_composite(value: Any) -> bool:
    """Whether it is a structure, or a sparse tensor, which has parts, too."""
    return _children(value, composites=True) is not None


def is_sequence(value: Any) -> bool:
    """Whether it is a structure that `flatten` opens."""
    if isinstance(value, (list, tuple, dict)):
        return True
    kinds = (Mapping, MappingView, Sequence)
    return isinstance(value, kinds) and not isinstance(value, _TEXTS)


_TEXTS = (str, bytes, bytearray)


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
    if is_sequence(value):
        return list(value)
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
    if isinstance(structure, (range, MappingView)):
        return children
    if is_sequence(structure):
        return type(structure)(children)
    return type(structure)(*children)  # a sparse tensor of its parts


def map_structure(func: Callable[..., Any], *structure: Any, **kwargs: Any) -> Any:
    """The structure of what a function gives for each element.

    Args:
        func: takes one element of each structure.
        structure: one or more structures of the same form.
        kwargs: `check_types` and `expand_composites`, as of `assert_same_structure`.

    Raises:
        ValueError, TypeError: the structures differ.
    """
    if not callable(func):
        raise TypeError(f"func must be callable, got: {func}")
    if not structure:
        raise ValueError("Must provide at least one structure")
    check_types = kwargs.pop("check_types", True)
    composites = kwargs.pop("expand_composites", False)
    if kwargs:
        raise ValueError(
            "Only valid keyword arguments are `check_types` and `expand_composites`, "
            f"not: `{'`, `'.join(kwargs)}`"
        )
    for other in structure[1:]:
        assert_same_structure(structure[0], other, check_types, composites)
    return _map(func, structure, composites)


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
    nest1: Any, nest2: Any, check_types: bool = True, expand_composites: bool = False
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
    if check_types and not _same_kind(a, b):
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
    # TF 1.15: the first elements that differ come before the numbers of them.
    for x, y in zip(inside_a, inside_b, strict=False):
        found = _difference(x, y, composites, check_types)
        if found is not None:
            return found
    if len(inside_a) != len(inside_b):
        return ValueError, (
            "The two structures don't have the same number of elements. First "
            f"structure: {_described(a)}. Second structure: {_described(b)}"
        )
    return None


def _same_kind(a: Any, b: Any) -> bool:
    """TF 1.15: named tuples are of one kind if their names and fields are the same."""
    if type(a) is type(b) or _both_mappings(a, b):
        return True
    named = is_namedtuple(a) and is_namedtuple(b)
    return named and (type(a).__name__, a._fields) == (type(b).__name__, b._fields)


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
    shallow_tree: Any,
    input_tree: Any,
    check_types: bool = True,
    expand_composites: bool = False,
    check_subtrees_length: bool = True,
) -> None:
    """Refuses a structure that does not begin as the shallow one does.

    Args:
        shallow_tree: how it must begin.
        input_tree: the structure.
        check_types: whether a list may not be where the other has a tuple.
        expand_composites: whether sparse tensors count as structures.
        check_subtrees_length: whether there may not be more than in the shallow one.

    Raises:
        TypeError: a part is no structure, or one of another kind.
        ValueError: the lengths or the keys differ.
    """
    shallow = _children(shallow_tree, expand_composites)
    if shallow is None:
        return
    deep = _children(input_tree, expand_composites)
    if deep is None:
        raise TypeError(
            "If shallow structure is a sequence, input must also be a sequence. "
            f"Input has type: {type(input_tree)}."
        )
    same = isinstance(input_tree, type(shallow_tree))
    if check_types and not same and not _same_kind(shallow_tree, input_tree):
        raise TypeError(
            "The two structures don't have the same sequence type. Input structure has "
            f"type {type(input_tree)}, while shallow structure has type "
            f"{type(shallow_tree)}."
        )
    _check_sizes(
        shallow_tree, input_tree, len(shallow), len(deep), check_subtrees_length
    )
    for ours, theirs in zip(shallow, deep, strict=False):
        assert_shallow_structure(
            ours, theirs, check_types, expand_composites, check_subtrees_length
        )


def _check_sizes(
    shallow_tree: Any, input_tree: Any, ours: int, theirs: int, exactly: bool
) -> None:
    """ValueError if one structure has not the parts of the other."""
    if exactly and theirs != ours:
        raise ValueError(
            "The two structures don't have the same sequence length. Input structure "
            f"has length {theirs}, while shallow structure has length {ours}."
        )
    if theirs < ours:
        raise ValueError(
            "The input_tree has fewer elements than the shallow_tree. Input structure "
            f"has length {theirs}, while shallow structure has length {ours}."
        )
    if isinstance(shallow_tree, Mapping):
        absent = set(shallow_tree) - set(input_tree)
        if absent:
            raise ValueError(
                "The shallow_tree's keys are not a subset of the input_tree's keys. "
                f"The shallow_tree has the following keys that are not in the "
                f"input_tree: {sorted(absent)}."
            )


def flatten_up_to(
    shallow_tree: Any,
    input_tree: Any,
    check_types: bool = True,
    expand_composites: bool = False,
    check_subtrees_length: bool = True,
) -> list[Any]:
    """What of a structure lies where the shallow one has its elements."""
    pairs = flatten_with_tuple_paths_up_to(
        shallow_tree, input_tree, check_types, expand_composites, check_subtrees_length
    )
    return [part for _, part in pairs]


def flatten_with_tuple_paths_up_to(
    shallow_tree: Any,
    input_tree: Any,
    check_types: bool = True,
    expand_composites: bool = False,
    check_subtrees_length: bool = True,
) -> list[tuple[tuple[Any, ...], Any]]:
    """As `flatten_up_to`, each with the keys and indices that lead to it."""
    assert_shallow_structure(
        shallow_tree, input_tree, check_types, expand_composites, check_subtrees_length
    )
    return list(_up_to(shallow_tree, input_tree, expand_composites, ()))


def _up_to(
    shallow_tree: Any, input_tree: Any, composites: bool, path: tuple[Any, ...]
) -> Iterator[tuple[tuple[Any, ...], Any]]:
    shallow = _children(shallow_tree, composites)
    if shallow is None:
        yield path, input_tree
        return
    parts = _by_key(input_tree, composites)
    for key, ours in _by_key(shallow_tree, composites).items():
        yield from _up_to(ours, parts[key], composites, (*path, key))


def _by_key(structure: Any, composites: bool) -> dict[Any, Any]:
    """What is directly inside a structure, by what leads to it."""
    children = _children(structure, composites) or []
    if isinstance(structure, Mapping):
        return dict(zip(sorted(structure), children, strict=True))
    if is_namedtuple(structure):
        return dict(zip(structure._fields, children, strict=True))
    return dict(enumerate(children))


def yield_flat_paths(nest: Any, expand_composites: bool = False) -> Iterator[Any]:
    """What leads to each element of a structure: tuples of keys and indices."""
    for path, _ in _up_to(nest, nest, expand_composites, ()):
        yield path


def flatten_with_tuple_paths(
    structure: Any, expand_composites: bool = False
) -> list[tuple[tuple[Any, ...], Any]]:
    """The elements of a structure, each with what leads to it."""
    return list(_up_to(structure, structure, expand_composites, ()))


def flatten_with_joined_string_paths(
    structure: Any, separator: str = "/", expand_composites: bool = False
) -> list[tuple[str, Any]]:
    """The elements of a structure, each with what leads to it as one text."""
    return [
        (separator.join(map(str, path)), part)
        for path, part in flatten_with_tuple_paths(structure, expand_composites)
    ]


def map_structure_up_to(
    shallow_tree: Any, func: Callable[..., Any], *inputs: Any, **kwargs: Any
) -> Any:
    """The shallow structure, of what a function gives for the parts of the inputs."""
    return map_structure_with_tuple_paths_up_to(
        shallow_tree, lambda _path, *parts: func(*parts), *inputs, **kwargs
    )


def map_structure_with_paths(
    func: Callable[..., Any], *structure: Any, **kwargs: Any
) -> Any:
    """As `map_structure`; the function also takes what leads to the elements."""

    def with_text(path: tuple[Any, ...], *parts: Any, **more: Any) -> Any:
        return func("/".join(map(str, path)), *parts, **more)

    return map_structure_with_tuple_paths(with_text, *structure, **kwargs)


def map_structure_with_tuple_paths(
    func: Callable[..., Any], *structure: Any, **kwargs: Any
) -> Any:
    """As `map_structure_with_paths`, of tuples of keys and indices."""
    return map_structure_with_tuple_paths_up_to(
        structure[0], func, *structure, **kwargs
    )


def map_structure_with_tuple_paths_up_to(
    shallow_tree: Any, func: Callable[..., Any], *inputs: Any, **kwargs: Any
) -> Any:
    """As `map_structure_up_to`; the function also takes what leads to the parts.

    Raises:
        ValueError: there are no inputs.
    """
    if not inputs:
        raise ValueError("Cannot map over no sequences")
    settings = [
        kwargs.pop(name, otherwise)
        for name, otherwise in (
            ("check_types", True),
            ("expand_composites", False),
            ("check_subtrees_length", True),
        )
    ]
    flat = [
        flatten_with_tuple_paths_up_to(shallow_tree, each, *settings) for each in inputs
    ]
    results = [
        func(parts[0][0], *[part for _, part in parts], **kwargs)
        for parts in zip(*flat, strict=True)
    ]
    return pack_sequence_as(shallow_tree, results, settings[1])


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
                f"traverse_fn returned structure: {wanted} for non-structure: "
                f"{structure}"
            )
        return wanted
    children = _children(structure, False) or []
    if isinstance(wanted, bool):
        if not wanted:
            return False
        flags = [True] * len(children)
    else:
        flags = _flags_of(wanted, structure)
    return _like(
        structure,
        [
            get_traverse_shallow_structure(traverse_fn, child) if flag else False
            for flag, child in zip(flags, children, strict=True)
        ],
    )


def _flags_of(wanted: Any, structure: Any) -> list[bool]:
    """The flags that a function gave for the parts of a structure."""
    if not is_sequence(wanted):
        raise TypeError(
            f"traverse_fn returned a non-bool scalar: {wanted} for input: {structure}"
        )
    assert_shallow_structure(wanted, structure)
    flags = _children(wanted, False) or []
    if not all(isinstance(flag, bool) for flag in flags):
        raise TypeError(
            "traverse_fn didn't return a depth=1 structure of bools.  saw: "
            f"{wanted}  for structure: {structure}"
        )
    return flags
