"""Write the network of any source as the section `model_architecture` of a sheet, from which the same totals follow.

A sheet's own declaration is taken as it is. Any other network is declared by its dimensions where a family gives
exactly the same operators, and else listed operator by operator.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.authoring.recognised_family import recognised
from factsheet.errors import WorkloadError
from factsheet.networks.declared import FAMILIES, SECTION, declaration, declared_network
from factsheet.networks.listing import NotListableError, rows_of
from factsheet.networks.policy import Policy, after_blocks, apply, vocabulary_heads
from factsheet.recompute.derivation import at_least, network_notes
from factsheet.recompute.network_source import open_source, sheet_at
from factsheet.recompute.points import USUAL_LENGTH, ChosenPoint, choose_point
from factsheet.sheet.answers import as_written
from factsheet.sheet.model import SheetFields
from factsheet.source.characters import make_safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from factsheet.networks.operators import Network, Size
    from factsheet.networks.repeated_rows import Row
    from factsheet.recompute.request import Request


class NetworkSection(NamedTuple):
    """A network as a sheet declares it."""

    key: str
    """The key of `model_architecture`."""
    declared: Any
    """What it holds, as plain data."""
    comments: tuple[str, ...]
    """What a reader has to know: what it was read from, at which sizes it holds, what was assumed."""
    network: Network
    """Its operators, at the sizes that it was read at."""

    @property
    def yaml(self) -> str:
        """The section as YAML, comments first."""
        from factsheet.source.dumping import dump_block  # loads ruamel

        lines = "".join(f"# {make_safe(' '.join(line.split()))}\n" for line in self.comments)
        return lines + dump_block({SECTION: {self.key: self.declared}}, opened=3)


def section_of(source: str | Path | SheetFields, request: Request) -> NetworkSection:
    """Return the network of a source as a section.

    Args:
        source: as for `inspect_source`.
        request: the sizes that the network is read at, and what is put on tiles.

    Raises:
        WorkloadError: the source cannot be read, or has more operators than a sheet can list.
    """
    sheet = source if isinstance(source, SheetFields) else sheet_at(str(source))
    point = (
        ChosenPoint(request.seq_len, request.batch, seq_len_from="asked", batch_from="asked")
        if sheet is None
        else choose_point(sheet, request.seq_len, request.batch)
    ).assumed(USUAL_LENGTH, 1)
    length = point.seq_len or USUAL_LENGTH
    declared = frozenset({"seq_len"}) if point.seq_len_from == "declared" else frozenset()

    def network_at(seq_len: int, *, asked: bool = False) -> Network:
        run = request.run(seq_len, declared)
        if asked:  # a source that allows no other length refuses it then
            run = run._replace(asked=run.asked | {"seq_len"})
        found = (
            open_source(str(source), run)
            if sheet is None
            else declared_network(sheet.model_architecture, run)
        )
        return apply(request.policy, found)

    network = network_at(length)
    if sheet is not None and request.own_network:
        key = declaration(sheet.model_architecture).family.key
        data = as_written(sheet.model_dump(exclude_none=True, warnings=False))[SECTION][key]
        return NetworkSection(
            key, data, tuple(_comments(network, point, request, "as the sheet declares it")), network
        )
    networks: Mapping[int, Network] = {length: network}
    fixed = ""
    try:
        networks = _at_lengths(network, partial(network_at, asked=True), length)
    except NotListableError as error:
        fixed = error.message
    family = recognised(networks)
    # Of a network at one length alone, a family that depends on it would promise others.
    if family is not None and not (fixed and FAMILIES[family[0]].tokens):
        exact = "these dimensions give exactly its operators"
        return NetworkSection(*family, tuple(_comments(network, point, request, exact)), network)
    try:
        rows = rows_of(networks)
    except NotListableError as error:
        fixed, rows = error.message, rows_of({length: network})
    scope = "numbers hold at every sequence length" if _grow(rows) else ""
    if fixed:
        scope = f"numbers hold for these sizes alone: {fixed}"
    return NetworkSection("operators", rows, tuple(_comments(network, point, request, scope)), network)


def _grow(rows: list[Row]) -> bool:
    return any("each" in row or "per_token" in row or _grow(row.get("operators", [])) for row in rows)


def _at_lengths(network: Network, network_at: Callable[[int], Network], length: int) -> Mapping[int, Network]:
    """Return the network at further lengths, odd and even ones, where the source allows others.

    Raises:
        NotListableError: it does not, or there is no such network at one of them.
    """
    sizes = [size for size in network.sizes if size.name not in {"image", "batch"}]
    if network.sizes and not sizes:
        return {length: network}
    fixed = NotListableError("the length is fixed", "the source allows no other", "list it for this one")
    if any(size.origin == "example inputs" or size.name == "cached tokens" for size in sizes):
        raise fixed
    found = {_length_of(sizes, length): network}
    (length,) = found
    below, above = (length - 1, length // 2 + 1, length // 3), (_SHORT + 4, _SHORT + 3, _SHORT + 1)
    others = below if length > _SHORT else above
    for other in others:
        try:
            found[other] = network_at(other)
        except WorkloadError:
            raise fixed from None
    return found


def _length_of(sizes: Sequence[Size], length: int) -> int:
    """Return the length that a network was read at, which the source may have limited."""
    value = next((size.value for size in sizes if size.name == "sequence length"), "")
    number = value.replace(",", "")
    return int(number) if number.isdecimal() else length


_SHORT = 12
"""A length that leaves no others below it that tell polynomials apart."""


def _comments(network: Network, point: ChosenPoint, request: Request, scope: str) -> Iterator[str]:
    yield f"The network {network.name}, written by `factsheet inspect --as-yaml`."
    sizes = [
        f"{size.name} {size.value} ({size.origin})" for size in point.sizes(network) if size.name != "batch"
    ]
    read = f"Read at {', '.join(sizes)}" if sizes else ""
    if read or scope:
        yield f"{'; '.join(filter(None, (read, scope)))}."
    least = frozenset(at_least(network))
    totals = {"parameters": network.parameters, "analog_weights": network.analog_weights}
    words = {"parameters": "parameters", "analog_weights": "weights on tiles"}
    if network.omitted:
        yield f"Not declared, and missing from the parameters: {', '.join(network.omitted)}"
    yield (
        ", ".join(
            f"{'at least ' if name in least else ''}{count:,} {words[name]}" for name, count in totals.items()
        )
        + "; each stored number counts once."
    )
    heads = {head.name for head in vocabulary_heads(network)}
    behind = [one.name for one in after_blocks(network) if one.name not in heads]
    if behind and request.policy == Policy():
        names = ", ".join(behind)
        yield f"No source says which layers are on tiles; all that store weights are counted there, also {names}."
    for note in network_notes(network, replace(request, seq_len=None)):
        yield f"{note[:1].upper()}{note[1:]}{'' if note.endswith(('.', '!', '?')) else '.'}"
