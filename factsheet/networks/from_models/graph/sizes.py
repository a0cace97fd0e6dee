"""Fix the axes of a graph's inputs for one run, and say which sizes were taken and where each comes from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from factsheet.errors import WorkloadError
from factsheet.networks.limits import LONGEST_AXIS, shown_whole
from factsheet.networks.sizes import Size

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from factsheet.networks.family import Run
    from factsheet.networks.from_models.graph.axes import InputAxis, Role
    from factsheet.networks.sizes import SizeOrigin

USUAL_IMAGE = (224, 224)
"""Height and width that are taken where neither the file nor the user says."""
_PLACED = re.compile(r"(?P<input>.+)\[(?P<place>\d+)\]")
_SUM = re.compile(r"[\w.]+(\s*[+*-]\s*[\w.]+)+")


class Fixed(NamedTuple):
    """The inputs of a run."""

    dims: Mapping[str, tuple[int, ...]]
    """Sizes of each input."""
    names: Mapping[str, int]
    """Sizes by the names of axes."""
    sizes: tuple[Size, ...]
    notes: tuple[str, ...]
    batch: int = 1
    """Sequences or images that the file fixes the batch at."""


def fix(where: str, axes: Sequence[InputAxis], run: Run) -> Fixed:
    """Return how long each axis is in a run.

    Args:
        where: the file, for messages.
        axes: all axes of the inputs.
        run: what was asked for.

    Raises:
        WorkloadError: an asked size is not one that the file allows, or a name is not that of an axis.
    """
    asked = _asked(where, axes, run)
    _refuse_contradictions(where, axes, run)
    taken: dict[tuple[str, int], tuple[int, SizeOrigin]] = {}
    shared = _shared_roles(axes)
    by_name: dict[str, int] = {}
    for axis in axes:
        place = (axis.input, axis.place)
        if axis.fixed is not None:
            taken[place] = (axis.fixed, "fixed in the file")
        elif place in asked:
            taken[place] = (asked[place], "asked")
        elif axis.known is not None:
            taken[place] = (axis.known, "fixed in the file")
        elif not _SUM.fullmatch(axis.name):
            taken[place] = _usual(axis, shared.get(axis.name, axis.role), axes, run)
        if axis.name and place in taken:
            by_name.setdefault(axis.name, taken[place][0])
    for axis in axes:  # such as `past_sequence_length + 1`
        if (axis.input, axis.place) not in taken:
            value = _sum(axis.name, by_name)
            role = axis.role
            taken[axis.input, axis.place] = (value, "assumed") if value else _usual(axis, role, axes, run)
    _refuse_endless(where, taken)
    dims: dict[str, list[int]] = {}
    for axis in axes:
        dims.setdefault(axis.input, []).append(taken[axis.input, axis.place][0])
    sizes, notes = _said(axes, taken, shared, run)
    return Fixed({name: tuple(one) for name, one in dims.items()}, by_name, sizes, notes, _batch(axes))


def _refuse_endless(where: str, taken: Mapping[tuple[str, int], tuple[int, SizeOrigin]]) -> None:
    for (name, place), (size, _) in taken.items():
        if size > LONGEST_AXIS:
            raise WorkloadError(
                f"{where}: axis {place} of the input `{name[:60]}` is {shown_whole(size)} long",
                "no input of a network is",
                f"give a size up to {LONGEST_AXIS:,}, or check that the file is whole",
            )


def _asked(where: str, axes: Sequence[InputAxis], run: Run) -> dict[tuple[str, int], int]:
    """Return the sizes of the axes that were asked for by name.

    An axis has its name in the file, `input[place]`, or, where nothing in the file is called so, what it is: `height`.
    """
    found: dict[tuple[str, int], int] = {}
    for name, size in run.dims:
        placed = _PLACED.fullmatch(name)
        meant = [one for one in axes if one.name == name] or [
            one
            for one in axes
            if placed and one.input == placed["input"] and one.place == int(placed["place"])
        ]
        meant = meant or [one for one in axes if one.name.lower() == name.lower()]
        meant = meant or [one for one in axes if name.lower() == one.role]
        if not meant:
            names = sorted({one.called for one in axes if one.fixed is None})
            raise WorkloadError(
                f"{where}: no axis is called `{name[:60]}`",
                "a size without effect would go unnoticed in the figures",
                f"the axes that can be given are {', '.join(f'`{one[:60]}`' for one in names[:12])}"
                if names
                else "every axis of this graph is fixed in the file",
            )
        for one in meant:
            if one.fixed is not None and one.fixed != size:
                raise _contradiction(where, f"`{name[:60]}`", one, size)
            before = found.setdefault((one.input, one.place), size)
            if before != size:
                raise _asked_twice(where, f"`{one.called[:60]}`", before, size)
    _refuse_two_sizes(where, axes, run, found)
    return found


def _refuse_two_sizes(
    where: str, axes: Sequence[InputAxis], run: Run, found: Mapping[tuple[str, int], int]
) -> None:
    """Raise where an axis that was given by its name is given another size as a side of the image or as a length."""
    lengths: set[int | None] = set()
    for axis in axes:
        named = found.get((axis.input, axis.place))
        if axis.role in {"height", "width"} and run.image_size is not None and "image_size" in run.asked:
            side = run.image_size[axis.role == "width"]
            if named not in {None, side}:
                raise _asked_twice(where, f"the {axis.role} of the image", named or 0, side)
        if axis.role == "sequence" and axis.fixed is None:
            lengths.add(named)
    if "seq_len" in run.asked and lengths and not lengths & {None, run.seq_len}:
        raise _asked_twice(where, "the sequence length", max(size or 0 for size in lengths), run.seq_len)


def _asked_twice(where: str, what: str, first: int, second: int) -> WorkloadError:
    return WorkloadError(
        f"{where}: {what} is asked for as {first:,} and as {second:,}",
        "only one of them can be run, and the other would have no effect",
        "give one of the two sizes, or the same size twice",
    )


def _refuse_contradictions(where: str, axes: Sequence[InputAxis], run: Run) -> None:
    if "seq_len" in run.asked:
        along = [axis for axis in axes if axis.role == "sequence"]
        lengths = {axis.fixed for axis in axes if axis.fixed is not None}
        if along and all(axis.fixed is not None for axis in along) and run.seq_len not in lengths:
            raise _contradiction(where, "the sequence length", along[0], run.seq_len)
    if run.image_size is None or "image_size" not in run.asked:
        return
    sides = [axis for axis in axes if axis.role in {"height", "width"}]
    if not sides:
        raise WorkloadError(
            f"{where} takes no image",
            "none of its inputs has an axis that is the height or width of one",
            "leave the image size out, or name an axis",
        )
    for axis in sides:
        side = run.image_size[axis.role == "width"]
        if axis.fixed is not None and axis.fixed != side:
            raise _contradiction(where, f"the {axis.role} of the image", axis, side)


def _contradiction(where: str, what: str, axis: InputAxis, size: int) -> WorkloadError:
    return WorkloadError(
        f"{where}: {what} is {axis.fixed:,} in the file, and {size:,} is asked for",
        f"axis {axis.place} of the input `{axis.input[:60]}` is fixed: at another size it is another graph",
        "leave the size out, or export the graph with this axis left open",
    )


def _shared_roles(axes: Iterable[InputAxis]) -> dict[str, Role]:
    """Return one role for all axes of one name: what is along a sequence in one input is so in all."""
    roles: dict[str, Role] = {}
    for axis in axes:
        if axis.name and axis.fixed is None and roles.get(axis.name, "unknown") == "unknown":
            roles[axis.name] = axis.role
    return roles


def _usual(axis: InputAxis, role: Role, axes: Sequence[InputAxis], run: Run) -> tuple[int, SizeOrigin]:
    """Return the size of an open axis that nobody named."""
    seq: SizeOrigin = "asked" if "seq_len" in run.asked else "assumed"
    if role == "batch":
        return 1, "assumed"
    if role in {"height", "width"}:
        sides = run.image_size or USUAL_IMAGE
        return sides[role == "width"], "asked" if run.image_size is not None else "assumed"
    if role == "past":
        return run.cache_length or 0, "asked" if run.cache_length is not None else "assumed"
    if role == "total":
        return run.seq_len + (run.cache_length or 0), seq
    if role == "unknown" and axis.place == 0 and not _first_elsewhere(axis, axes):
        return 1, "assumed"
    return run.seq_len, seq if role == "sequence" else "assumed"


def _first_elsewhere(axis: InputAxis, axes: Sequence[InputAxis]) -> bool:
    """Return whether the batch is known to be another axis of this input."""
    return any(one.input == axis.input and one.role == "batch" and one.place for one in axes)


def _sum(name: str, known: Mapping[str, int]) -> int | None:
    """Return the value of a name that is a sum or product of others."""
    parts = re.split(r"\s*([+*-])\s*", name.strip())
    values = [int(part) if part.isdigit() else known.get(part) for part in parts[::2]]
    if any(value is None for value in values):
        return None
    total = values[0] or 0
    for sign, value in zip(parts[1::2], values[1:], strict=True):
        total = total * (value or 0) if sign == "*" else total + (value or 0) * (-1 if sign == "-" else 1)
    return total if 0 < total <= LONGEST_AXIS else None


def _batch(axes: Iterable[InputAxis]) -> int:
    sizes = {axis.fixed for axis in axes if axis.role == "batch" and axis.fixed is not None}
    return (
        next(iter(sizes))
        if len(sizes) == 1 and not any(a.role == "batch" and a.fixed is None for a in axes)
        else 1
    )


def _said(
    axes: Sequence[InputAxis],
    taken: Mapping[tuple[str, int], tuple[int, SizeOrigin]],
    shared: Mapping[str, Role],
    run: Run,
) -> tuple[tuple[Size, ...], tuple[str, ...]]:
    """Return the sizes that were used, one line for each, and what is to be said of those that were guessed."""
    sizes: dict[Size, None] = {}
    notes: list[str] = []
    heights: dict[str, tuple[int, SizeOrigin]] = {}
    lengths: dict[str, int] = {}
    for axis in axes:
        size, origin = taken[axis.input, axis.place]
        role = shared.get(axis.name, axis.role) if axis.name else axis.role
        if role == "height":
            heights[axis.input] = (size, origin)
        elif role == "width" and axis.input in heights:
            height, first = heights[axis.input]
            sizes |= dict.fromkeys(_image((height, first), (size, origin)))
        elif role == "sequence":
            name = "samples" if axis.samples else "sequence length"
            own = (axis.name and size != run.seq_len and axis.fixed is None) or lengths.get(
                name, size
            ) != size
            if not own:
                lengths[name] = size
            sizes[Size(axis.called if own else name, f"{size}", origin)] = None
        elif role == "batch":
            if size != 1:
                sizes[Size("batch", f"{size}", origin)] = None
        elif axis.fixed is None and axis.known is None:
            sizes[Size(axis.called, f"{size}", origin)] = None
            if role == "unknown" and origin == "assumed":
                notes.append(
                    f"nothing in the file says what the axis {axis.place} of `{axis.input[:60]}` is: {size:,} was taken"
                    f" (give another with --dim '{axis.called[:60]}=…')"
                )
    notes += _unnamed_batches(axes)
    return tuple(sizes), tuple(dict.fromkeys(notes))


def _unnamed_batches(axes: Sequence[InputAxis]) -> list[str]:
    """Say of first axes that may be a batch that they were not divided out."""
    if any(axis.role == "batch" for axis in axes):
        return []
    return [
        f"the file fixes axis 0 of `{axis.input[:60]}` at {axis.fixed:,} and does not say what it is: counts are for"
        " all of it, and not for one of a batch"
        for axis in axes
        if axis.place == 0 and axis.role == "unknown" and axis.fixed is not None and axis.fixed > 1
    ]


def _image(height: tuple[int, SizeOrigin], width: tuple[int, SizeOrigin]) -> list[Size]:
    """Return the size of an image; its sides one by one where only one of them was assumed."""
    origins = {height[1], width[1]}
    if len(origins) > 1 and "assumed" in origins:
        return [
            Size(f"image {name}", f"{one[0]}", one[1]) for name, one in (("height", height), ("width", width))
        ]
    return [Size("image", f"{height[0]} x {width[0]}", _weaker(height[1], width[1]))]


def _weaker(first: SizeOrigin, second: SizeOrigin) -> SizeOrigin:
    return next(one for one in ("assumed", "asked", "fixed in the file", first) if one in {first, second})
