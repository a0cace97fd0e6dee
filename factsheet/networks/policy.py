"""Decide what is on analog tiles: stored matrices are, and a reader may say otherwise by name.

By default every matrix stays where its source puts it: on tiles, but for routers, and for the pooler and the head that
an encoder's declaration counts as digital. An embedding is looked up unless it is asked for on tiles, where it becomes
products with one-hot vectors. Products of computed values and all elementwise work are digital whatever is asked for.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from factsheet.errors import WorkloadError
from factsheet.networks.operators import Lookup, StaticMatmul

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from factsheet.networks.operators import Network, Operator, Side

_BLOCK = re.compile(r"(?:.*?\.)?\d+(?=\.)")
"""The name of the numbered block that an operator is in: `encoder.layer.11` of `encoder.layer.11.output.dense`."""

RULE = "matrices with stored weights on tiles; embeddings looked up; everything else digital"


class Policy(NamedTuple):
    """Patterns of names that move a matrix to one side.

    A pattern fits a whole name, or a run of its dotted parts: `pooler` fits `pooler.dense`, `layer.*.query` fits every
    query matrix, `lm_head` fits itself. With `=` in front, as in `=1`, it is one name as it stands: `1` alone would
    fit `features.1` as well.
    """

    digital: tuple[str, ...] = ()
    analog: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The policy in one line."""
        moved = [
            f"{', '.join(f'`{pattern}`' for pattern in patterns)} {side}"
            for side, patterns in (("digital", self.digital), ("on tiles", self.analog))
            if patterns
        ]
        return "; ".join([RULE, *moved])


def fits(pattern: str, name: str) -> bool:
    """Return whether a pattern fits a name or a run of its dotted parts; after `=`, whether it is that name."""
    if pattern.startswith("="):
        return name == pattern[1:]
    parts = name.split(".")
    ends = range(1, len(parts) + 1)
    return any(fnmatchcase(".".join(parts[start:end]), pattern) for end in ends for start in range(end))


def pattern_for(name: str, names: Iterable[str]) -> str:
    """Return a pattern that fits this name and no other of these: the name itself, or with `=` in front."""
    if (
        "," in name
        or name.startswith("=")
        or any(fits(name, other) != (other == name) for other in (name, *names))
    ):
        return f"={name}"
    return name


def apply(policy: Policy, network: Network) -> Network:
    """Return the network with its matrices where the policy puts them; nodes that share weights move together.

    Raises:
        WorkloadError: a pattern fits no matrix, or patterns of both sides fit the same weights.
    """
    if not policy.digital and not policy.analog:
        return network
    sides: dict[str, Side] = {}
    for pattern in policy.digital:
        for storage in _matching(pattern, network.static):
            sides[storage] = "digital"
    tables: set[str] = set()
    for pattern in policy.analog:
        lookups = {operator.name for operator in network.operators if isinstance(operator, Lookup)}
        asked = {name for name in lookups if fits(pattern, name)}
        tables |= asked
        for storage in _matching(pattern, network.static, besides=asked):
            if sides.setdefault(storage, "analog") == "digital":
                raise WorkloadError(
                    f"{storage} is asked for on tiles and digitally",
                    "a matrix is on one side",
                    "make one of the patterns narrower",
                )
    return replace(network, operators=tuple(_moved(network, sides, tables)))


def with_digital(network: Network, storages: Collection[str], said: str) -> Network:
    """Return the network with these stored matrices digital, and a note on it; itself where there are none.

    Args:
        network: the network.
        storages: what the matrices are stored as.
        said: what is digital, and beside what: the note says how it is put on tiles.
    """
    if not storages:
        return network
    operators = tuple(
        one._replace(on="digital") if isinstance(one, StaticMatmul) and one.storage in storages else one
        for one in network.operators
    )
    note = f"{said}; `--analog` puts them on tiles by name"
    return replace(network, operators=operators, notes=(*network.notes, note))


def vocabulary_heads(network: Network) -> tuple[StaticMatmul, ...]:
    """Return the output layers on tiles that give a score for each row of a table, as those of language models do.

    Such a layer is the largest matrix of many networks, and may be the table itself, seen from its other side.
    """
    tables = {one.storage: one for one in network.operators if isinstance(one, Lookup)}
    largest = max((one.rows for one in tables.values()), default=0)
    return tuple(
        matrix
        for matrix in network.analog
        if matrix.kind != "embedding" and (matrix.storage in tables or matrix.cols == largest)
    )


def after_blocks(network: Network) -> tuple[StaticMatmul, ...]:
    """Return the matrices on tiles behind the last of the numbered blocks that hold attention: poolers and heads."""
    if not network.dynamic:
        return ()
    block = _BLOCK.match(network.dynamic[-1].name)
    if block is None:
        return ()
    within = [place for place, one in enumerate(network.operators) if one.name.startswith(f"{block[0]}.")]
    behind = network.operators[within[-1] + 1 :]
    return tuple(one for one in behind if isinstance(one, StaticMatmul) and one.on == "analog")


def undecided(network: Network, policy: Policy) -> Iterator[tuple[StaticMatmul, str]]:
    """Yield the output layers over a vocabulary that nobody has put on tiles, each with what it is in words."""
    tables = {one.storage: one.name for one in network.operators if isinstance(one, Lookup)}
    for head in vocabulary_heads(network):
        if not any(fits(pattern, head.name) for pattern in policy.analog):
            table = tables.get(head.storage)
            weights = "weights of its own" if table is None else f"the weights of {table}"
            yield head, f"the output layer {head.name} ({head.rows:,} x {head.cols:,}, {weights})"


def _matching(pattern: str, matrices: Iterable[StaticMatmul], besides: Iterable[str] = ()) -> set[str]:
    """Return the weights that a pattern fits.

    Raises:
        WorkloadError: it fits none, nor anything that was found besides.
    """
    names = [matrix.name for matrix in matrices]
    found = {matrix.storage for matrix in matrices if fits(pattern, matrix.name)}
    if found or any(besides):
        return found
    from difflib import get_close_matches  # only for a pattern that is wrong

    parts = sorted({part for name in names for part in (name, *name.split("."))})
    close = get_close_matches(pattern, parts, 3)
    raise WorkloadError(
        f"`{pattern}` fits the name of no matrix",
        "a pattern without effect would go unnoticed in the figures",
        f"did you mean {' or '.join(f'`{name}`' for name in close)}?"
        if close
        else "`factsheet inspect` lists the names; `*` stands for any part of one",
    )


def _moved(network: Network, sides: dict[str, Side], tables: set[str]) -> Iterator[Operator]:
    # A table on tiles takes along the output layer that is tied to it, whichever name was asked for.
    tied = {o.storage for o in network.operators if isinstance(o, Lookup) and o.name in tables}
    for operator in network.operators:
        if isinstance(operator, Lookup) and operator.name in tables:
            one = operator
            yield StaticMatmul(
                one.name,
                one.block,
                rows=one.rows,
                cols=one.cols,
                calls=one.lookups,
                stored_as=one.storage,
                kind="embedding",
            )
        elif isinstance(operator, StaticMatmul):
            side: Side = "analog" if operator.storage in tied else operator.on
            yield operator._replace(on=sides.get(operator.storage, side))
        else:
            yield operator
