"""The commands of `scopetutor ckpt` that write: rename, strip, and other formats.

`ckpt` has them in its table. They write a new checkpoint, with `--in-place` in the
place of the old one, with `--dry-run` none at all. What `diff` of `ckpt_look` guesses,
`rename --from-diff` carries out.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .ckpt_look import FILTER, PATH
from .holding import contents_of
from .showing import JSON, PLAIN, show, show_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scopetutor.checkpoints.contents import Contents, Entry
    from scopetutor.checkpoints.exchange import Exchanged
    from scopetutor.checkpoints.name_maps import Plan
    from scopetutor.checkpoints.rewrite import Written

NEW = Annotated[
    Path | None,
    typer.Argument(
        metavar="[NEW]", help="The prefix of the new checkpoint.", show_default=False
    ),
]
IN_PLACE = Annotated[
    bool, typer.Option("--in-place", help="Replace the checkpoint itself.")
]
DRY_RUN = Annotated[
    bool, typer.Option("--dry-run", "-n", help="Only say what would be done.")
]


def rename(
    path: PATH,
    new: NEW = None,
    map_file: Annotated[
        Path | None,
        typer.Option("--map", help='A file with lines "old -> new", or JSON.'),
    ] = None,
    substitutions: Annotated[
        list[str] | None,
        typer.Option("--sub", help="s/PATTERN/REPLACEMENT/; again for more."),
    ] = None,
    from_diff: Annotated[
        str | None,
        typer.Option(help="A script, graph or checkpoint whose names are wanted."),
    ] = None,
    least: Annotated[
        float,
        typer.Option("--sure", min=0, max=1, help="Take guesses at least so sure."),
    ] = 0.8,
    in_place: IN_PLACE = False,
    dry_run: DRY_RUN = False,
    plain: PLAIN = False,
    json: JSON = False,
) -> None:
    r"""Write a checkpoint with other names: by a map, by patterns, or by guesses.

    The values are copied byte by byte. Nothing is overwritten unless --in-place says
    so, and even then the old files stay until the new ones are complete. The .meta file
    has the old graph's names and is not copied.

    \b
    Examples:
      scopetutor ckpt rename old.ckpt new.ckpt --sub 's|^model/||' --dry-run
      scopetutor ckpt rename old.ckpt new.ckpt --map names.txt
      scopetutor ckpt rename old.ckpt new.ckpt --from-diff train.py
    """
    from scopetutor.checkpoints.name_maps import Substitution, plan, read_map
    from scopetutor.checkpoints.rewrite import target
    from scopetutor.errors import UsageError

    if not (map_file or substitutions or from_diff):
        raise UsageError("no new names are given", hint="--map, --sub or --from-diff")
    contents = contents_of(path)
    prefix = "" if dry_run else target(new, contents, in_place=in_place)
    mapped = read_map(map_file) if map_file else {}
    if from_diff:
        mapped |= _guessed(path, from_diff, least)
    parsed = [Substitution.parse(text) for text in substitutions or ()]
    planned = plan([entry.name for entry in contents.tensors], mapped, parsed)
    if dry_run:
        _show_plan(planned, plain=plain, json=json)
        return
    _write(contents, prefix, planned.names, plain=plain, json=json)


def _guessed(path: str, wanted: str, least: float) -> dict[str, str]:
    """The renames that `diff` proposes and is sure enough of."""
    from scopetutor.checkpoints.name_maps import as_map
    from scopetutor.errors import UsageError

    from .ckpt_look import compared

    renames = compared(path, wanted).renames
    mapped = as_map(renames, least=least)
    if not mapped:
        best = max((one.confidence for one in renames), default=0.0)
        problem = f"no guess is {least:.0%} sure; the best is {best:.0%}"
        if not renames:
            problem = "there is nothing to rename: no name is likely another one"
        raise UsageError(problem, hint=f"scopetutor ckpt diff {path} {wanted}")
    return mapped


def strip(
    path: PATH,
    new: NEW = None,
    drop: Annotated[
        list[str] | None,
        typer.Option(
            help="A role to leave out; again for more. Default: slot and optimizer."
        ),
    ] = None,
    pattern: FILTER = "",
    averages: Annotated[
        bool,
        typer.Option("--averages", help="Give weights the values of their averages."),
    ] = False,
    in_place: IN_PLACE = False,
    dry_run: DRY_RUN = False,
    plain: PLAIN = False,
    json: JSON = False,
) -> None:
    r"""Write a checkpoint without what only training needs, such as Adam's slots.

    \b
    Examples:
      scopetutor ckpt strip model.ckpt-1000 small.ckpt
      scopetutor ckpt strip model.ckpt-1000 small.ckpt --averages
      scopetutor ckpt strip model.ckpt-1000 encoder.ckpt --filter '^encoder/'
    """
    from scopetutor.checkpoints.name_maps import Plan
    from scopetutor.checkpoints.rewrite import target

    contents = contents_of(path)
    kept = _kept(contents, drop or ["slot", "optimizer"], pattern, averages=averages)
    if dry_run:
        _show_kept(contents, kept, plain=plain, json=json)
        return
    prefix = target(new, contents, in_place=in_place)
    _write(contents, prefix, Plan(kept).names, plain=plain, json=json)


def _kept(
    contents: Contents, drop: list[str], pattern: str, *, averages: bool
) -> dict[str, str]:
    """Name -> new name, of the tensors that stay.

    Raises:
        UsageError: there is no such role, or nothing would stay, or go.
    """
    from scopetutor.checkpoints.contents import matching
    from scopetutor.checkpoints.roles import ROLES
    from scopetutor.errors import UsageError

    for role in drop:
        if role not in ROLES:
            raise UsageError(f"there is no role {role!r}", hint=" ".join(ROLES))
    holds = matching(pattern)
    names = {
        entry.name: entry.name
        for entry in contents.tensors
        if entry.role not in drop and holds(entry)
    }
    if averages:
        names = _averaged(contents, names)
    if not names or len(names) == len(contents.tensors):
        problem = (
            "nothing would be left" if not names else "there is nothing to leave out"
        )
        raise UsageError(problem, place=contents.path, hint="scopetutor ckpt ls PATH")
    return names


def _averaged(contents: Contents, names: Mapping[str, str]) -> dict[str, str]:
    """The same with each average in the place of its weight, and no other average.

    Raises:
        UsageError: there are no averages.
    """
    from scopetutor.errors import UsageError

    averages = [entry for entry in contents.tensors if entry.role == "average"]
    of_weight = {e.of: e.name for e in reversed(averages) if e.of and e.name in names}
    if not of_weight:
        problem = "it has no moving averages of weights"
        raise UsageError(problem, place=contents.path, hint="scopetutor ckpt ls PATH")
    left_out = {entry.name for entry in averages} | set(of_weight)
    kept = {old: new for old, new in names.items() if old not in left_out}
    return kept | {average: weight for weight, average in of_weight.items()}


def to_npz(
    path: PATH,
    file: Annotated[Path, typer.Argument(metavar="FILE.npz", show_default=False)],
    pattern: FILTER = "",
    plain: PLAIN = False,
    json: JSON = False,
) -> None:
    r"""Write the tensors as a NumPy .npz file, which needs no TensorFlow to read.

    \b
    Examples:
      scopetutor ckpt to-npz model.ckpt-1000 weights.npz
      scopetutor ckpt to-npz model.ckpt-1000 encoder.npz --filter '^encoder/'
    """
    from scopetutor.checkpoints import exchange

    contents = contents_of(path, pattern)
    with _ticking(contents, json) as tick:
        done = exchange.to_npz(contents, file, tick)
    _show_exchanged(done, plain=plain, json=json)


def to_safetensors(
    path: PATH,
    file: Annotated[
        Path, typer.Argument(metavar="FILE.safetensors", show_default=False)
    ],
    pattern: FILTER = "",
    plain: PLAIN = False,
    json: JSON = False,
) -> None:
    r"""Write the tensors as a .safetensors file. Axes stay as they are: see `layout`.

    \b
    Examples:
      scopetutor ckpt to-safetensors model.ckpt-1000 model.safetensors
    """
    from scopetutor.checkpoints import exchange

    contents = contents_of(path, pattern)
    with _ticking(contents, json) as tick:
        done = exchange.to_safetensors(contents, file, tick)
    _show_exchanged(done, plain=plain, json=json)


def from_npz(
    file: Annotated[Path, typer.Argument(metavar="FILE.npz", show_default=False)],
    new: Annotated[Path, typer.Argument(metavar="NEW", show_default=False)],
    plain: PLAIN = False,
    json: JSON = False,
) -> None:
    r"""Write the arrays of a .npz file as a checkpoint that TensorFlow restores.

    The names of the arrays become the keys. 64-bit numbers stay 64-bit: convert them
    first if the variables are float32.

    \b
    Examples:
      scopetutor ckpt from-npz weights.npz model.ckpt
    """
    from scopetutor.checkpoints import exchange
    from scopetutor.checkpoints.rewrite import new_prefix

    done = exchange.from_npz(file, new_prefix(new, file.stem), lambda _: None)
    _show_exchanged(done, plain=plain, json=json)


# -- saying what was done --------------------------------------------------------------


def _ticking(contents: Contents, quiet: bool) -> _Ticking:
    return _Ticking(len(contents.tensors), quiet)


class _Ticking:
    """A ticker that is told of tensors."""

    def __init__(self, total: int, quiet: bool) -> None:
        from .ticker import Ticker

        self._ticker = Ticker(total, quiet=quiet)

    def __enter__(self) -> Callable[[Entry], None]:
        self._ticker.__enter__()
        return lambda entry: self._ticker.tick(entry.name)

    def __exit__(self, *error: object) -> None:
        self._ticker.__exit__(None, None, None)


def _write(
    contents: Contents,
    prefix: str,
    names: Mapping[str, str],
    *,
    plain: bool,
    json: bool,
) -> None:
    from scopetutor.checkpoints.rewrite import rewrite
    from scopetutor.render.checkpoint_written import written

    with _ticking(contents, json) as tick:
        done: Written = rewrite(contents, prefix, names, tick)
    if json:
        show_json(done)
    else:
        show(lambda look: written(done, look), plain=plain)


def _show_plan(planned: Plan, *, plain: bool, json: bool) -> None:
    from scopetutor.render.checkpoint_written import renaming

    if json:
        show_json(planned)
    else:
        show(lambda look: renaming(planned, look), plain=plain)


def _show_kept(
    contents: Contents, kept: Mapping[str, str], *, plain: bool, json: bool
) -> None:
    """What would stay, as `ls` shows it."""
    from scopetutor.render.checkpoint import listing

    staying = contents.only(lambda entry: entry.name in kept)
    if json:
        show_json(staying)
    else:
        show(lambda look: listing(staying, look), plain=plain)


def _show_exchanged(done: Exchanged, *, plain: bool, json: bool) -> None:
    from scopetutor.render.checkpoint_written import exchanged

    if json:
        show_json(done)
    else:
        show(lambda look: exchanged(done, look), plain=plain)
