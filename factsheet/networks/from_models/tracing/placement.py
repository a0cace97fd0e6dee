"""Arrange the matrices of a trace: experts of one choice as a mixture, matrices that share cells by common parts."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from factsheet.networks.from_models.tracing.choices import ExpertChoice, mixtures
from factsheet.networks.from_models.tracing.regions import shared_parts
from factsheet.networks.operators import StaticMatmul
from factsheet.networks.regions import holders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.networks.from_models.tracing.regions import Part
    from factsheet.networks.from_models.tracing.trace_state import TraceState
    from factsheet.networks.operators import Operator


def arranged(operators: Sequence[Operator], state: TraceState) -> tuple[list[Operator], list[str]]:
    """Return the operators with each stored cell on one matrix, and what is to be said of it."""
    notes: list[str] = []
    apart = [piece for operator in operators for piece in _pieces(operator, state)]
    parts = _parts(state, notes)
    split = [part for operator in apart for part in _split(operator, parts)]
    choices = {name: group for name, group in state.record.groups.items() if isinstance(group, ExpertChoice)}
    joined, found = mixtures(split, choices, state.origins.stored, state.covered)
    if found:
        kinds = sorted({(choice.chosen, choice.among) for choice in found.values()})
        words = ", ".join(f"{chosen} of {among}" for chosen, among in kinds)
        notes.append(f"each vector meets {words} experts, all alike often: a trace does not know which")
    return _agreeing(joined, notes), notes


def _pieces(operator: Operator, state: TraceState) -> list[Operator]:
    """Return a joined matrix in its pieces, where one of them is used alone as well."""
    used = state.used.get(operator.storage) if isinstance(operator, StaticMatmul) else None
    if used is None or not isinstance(operator, StaticMatmul) or used.region.cells != used.base.cells:
        return [operator]
    alone = {(id(one.base), one.region) for one in state.used.values()}
    pieces = used.base.pieces
    if not any((id(base), region) in alone for base, region in pieces):
        return [operator]
    found: list[Operator] = []
    for place, (base, region) in enumerate(pieces):
        name, _ = state.origins.name_of(base, region)
        by_rows = region.cells % operator.rows == 0
        rows = operator.rows if by_rows else region.cells // operator.cols
        whole = operator.matrices > 1 and region.cells == operator.rows * operator.cols
        if rows * (region.cells // rows) != region.cells or (operator.matrices > 1 and not whole):
            return [operator]
        found.append(
            operator._replace(
                name=f"{operator.name}#{place + 1}",
                rows=rows,
                cols=region.cells // rows,
                stored_as=name,
                matrices=1,
                active=0,
                calls=operator.calls * (operator.active or operator.matrices) // operator.matrices,
                bias=operator.bias and (by_rows or place == 0),
            )
        )
    return found


def _parts(state: TraceState, notes: list[str]) -> dict[str, list[tuple[str, Part]]]:
    """Return the parts of each matrix that shares some of its cells, and not all, with another; by its name."""
    by_base: dict[int, list[str]] = defaultdict(list)
    held = holders(name for name in state.used if name)
    for name, used in state.used.items():
        if name and name not in held:  # what lies within another one is on its tiles
            by_base[id(used.base)].append(name)
    found: dict[str, list[tuple[str, Part]]] = {}
    for names in by_base.values():
        placed = [one for name in names if (one := state.used[name].placed) is not None]
        base = state.used[names[0]].base
        several = sum(state.used[name].region.cells for name in names) > base.cells
        if len(names) < 2 or (len(placed) < len(names) and not several):  # noqa: PLR2004
            continue
        parts = shared_parts(placed, base.cells) if len(placed) == len(names) else None
        if parts is None:
            notes.append(f"parts of {base.label} may be counted twice: {', '.join(names[:4])}")
        elif len({part.shared for own in parts for part in own}) < len(parts) or any(
            len(own) > 1 for own in parts
        ):
            found |= _named(names, parts)
    return found


def _named(names: list[str], parts: list[list[Part]]) -> dict[str, list[tuple[str, Part]]]:
    """Return each matrix's parts with the names that they are stored under."""
    first: dict[int, str] = {}
    found: dict[str, list[tuple[str, Part]]] = {}
    for name, own in zip(names, parts, strict=True):
        for place, part in enumerate(own):
            first.setdefault(part.shared, name if len(own) == 1 else f"{name}#{place + 1}")
        found[name] = [(first[part.shared], part) for part in own]
    return found


def _split(operator: Operator, parts: dict[str, list[tuple[str, Part]]]) -> list[Operator]:
    own = parts.get(operator.storage) if isinstance(operator, StaticMatmul) else None
    if own is None or not isinstance(operator, StaticMatmul):
        return [operator]
    if len(own) == 1:
        return [operator._replace(stored_as=own[0][0])]
    columns = all(part.rows == operator.rows for _, part in own)
    return [
        operator._replace(
            name=f"{operator.name}#{place + 1}",
            rows=part.rows,
            cols=part.cols,
            stored_as=stored_as,
            bias=operator.bias and (columns or place == 0),
        )
        for place, (stored_as, part) in enumerate(own)
    ]


def _agreeing(operators: list[Operator], notes: list[str]) -> list[Operator]:
    """Return the operators with one shape for each stored matrix, where some use it in another form."""
    first: dict[str, StaticMatmul] = {}
    found: list[Operator] = []
    for operator in operators:
        if not isinstance(operator, StaticMatmul):
            found.append(operator)
            continue
        known = first.setdefault(operator.storage, operator)
        if _shape(known) == _shape(operator):
            found.append(operator)
            continue
        if known.weights == operator.weights and operator.macs % known.weights == 0:
            found.append(
                operator._replace(
                    rows=known.rows, cols=known.cols, matrices=known.matrices, active=0,
                    calls=operator.macs // known.weights, kind=known.kind,
                    bias=operator.bias and operator.cols == known.cols,
                )
            )  # fmt: skip
            continue
        apart = f"{operator.storage} as {operator.matrices} x {operator.rows} x {operator.cols}"
        notes.append(f"{operator.storage} is used in two forms, which are counted apart")
        found.append(operator._replace(stored_as=apart))
        first.setdefault(apart, operator)
    return found


def _shape(matrix: StaticMatmul) -> tuple[int, int, int]:
    short, long = sorted((matrix.rows, matrix.cols))
    return short, long, matrix.matrices
