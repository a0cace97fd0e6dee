"""Let an even choice stand for what a router chooses, and count the experts behind it as one mixture.

Vector t goes to experts t·k to t·k + k - 1 modulo their number: what the model does next with these indices (masks,
counts, sorting, gathering) is worked out from them, so that each expert meets its share of the vectors.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple, cast

from factsheet.networks.from_models.imports import need
from factsheet.networks.from_models.operator_record import block_of
from factsheet.networks.from_models.tracing.origins import node_of
from factsheet.networks.operators import StaticMatmul

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from factsheet.networks.from_models.tracing.origins import StoredValues
    from factsheet.networks.operators import Operator

CHOOSING: Mapping[str, int] = {
    "topk": 1,
    "argmax": 0,
    "argmin": 0,
    "max": 1,
    "min": 1,
    "sort": 1,
    "argsort": 0,
    "multinomial": 0,
    "mode": 1,
    "kthvalue": 1,
    "median": 1,
}
"""Operators that choose by value, and which of their outputs has the indices."""
SELECTING = frozenset(
    {"index", "index_select", "gather", "take", "take_along_dim", "masked_select", "embedding"}
)
GATHERING_UP = frozenset(
    {
        "index_add",
        "index_put",
        "_index_put_impl",
        "scatter",
        "scatter_add",
        "scatter_reduce",
        "index_copy",
        "index_reduce",
    }
    | {"masked_scatter", "index_fill"}
)
"""Operators that bring vectors back from where they were sent."""


class ExpertChoice(NamedTuple):
    """One choice of `chosen` among `among`, for each of several vectors."""

    number: int
    chosen: int
    among: int
    vectors: int
    frame: int
    """AtenCall of the module that chose."""


def indices(output: Tensor, chosen: int, among: int, dim: int) -> Tensor:
    """Return indices that choose evenly, for the output of an operator that chooses along an axis."""
    torch = need("torch", "torch", "reading a module")
    shape = list(output.shape)
    dim = dim % len(shape) if shape else 0
    flat = torch.arange(output.numel(), dtype=torch.int64).remainder(max(1, among))
    if not shape or shape[dim] != chosen:
        return cast("Tensor", flat.reshape(shape))
    other = [size for axis, size in enumerate(shape) if axis != dim]
    return cast("Tensor", flat.reshape([*other, chosen]).movedim(-1, dim))


def mixtures(
    operators: Sequence[Operator],
    choices: Mapping[str, ExpertChoice],
    stored: Mapping[str, StoredValues],
    covered: set[str],
) -> tuple[list[Operator], dict[str, ExpertChoice]]:
    """Join the matrices of experts that one choice leads to into one node with several matrices.

    Experts that no vector of this run was sent to are matrices of the mixture as well; they are added to `covered`.

    Returns:
        The operators, and the choice behind each mixture by its name.
    """
    behind = [
        (operator, choice)
        for operator in operators
        if isinstance(operator, StaticMatmul)
        and operator.matrices == 1
        and (choice := choices.get(operator.name)) is not None
    ]
    unmet = {name: one for name, one in stored.items() if one.learned and name not in covered}
    alike = Counter(
        pattern
        for storage in {operator.storage for operator, _ in behind} | {node_of(name) for name in unmet}
        for pattern in _patterns(storage)
    )
    groups: dict[tuple[int, str, int, int, str], list[StaticMatmul]] = defaultdict(list)
    for operator, choice in behind:
        patterns = [one for one in _patterns(operator.storage) if alike[one] <= choice.among]
        if patterns:
            pattern = max(patterns, key=lambda one: alike[one])
            groups[choice.number, pattern, operator.rows, operator.cols, operator.kind].append(operator)
    replaced: dict[str, StaticMatmul | None] = {}
    found: dict[str, ExpertChoice] = {}
    taken = {operator.name for operator in operators}
    for (_, pattern, *_), members in groups.items():
        choice = choices[members[0].name]
        distinct = {member.storage for member in members}
        siblings = _siblings(pattern, members[0], unmet, choice.among)
        total = sum(member.products for member in members)
        if len(distinct) + len(siblings) < 2 or total > choice.vectors * choice.chosen:  # noqa: PLR2004
            continue
        covered |= {other for other in stored if node_of(other) in {node_of(name) for name in siblings}}
        covered |= {f"{node_of(name)}.bias" for name in siblings}
        matrices = len(distinct) + len(siblings)
        active = choice.chosen if not total % choice.chosen and choice.chosen <= matrices else 1
        name = pattern.replace(".*", "").replace("*", "")
        while name in taken:
            name = f"{name}@experts"
        taken.add(name)
        joined = members[0]._replace(
            name=name,
            block=block_of(name),
            calls=total // active,
            matrices=matrices,
            active=active,
            stored_as=pattern,
            kind="experts",
        )
        replaced |= {member.name: None for member in members} | {members[0].name: joined}
        found[name] = choice
    kept = (replaced.get(operator.name, operator) for operator in operators)
    return [operator for operator in kept if operator is not None], found


def _patterns(storage: str) -> list[str]:
    """Return a name with a star for each of its numbers in turn, any of which can be that of an expert."""
    parts = re.split(r"(\d+)", storage)
    places = [p for p in range(1, len(parts), 2) if not parts[p - 1] or parts[p - 1][-1] in "._["]
    return ["".join([*parts[:place], "*", *parts[place + 1 :]]) for place in places]


def _siblings(
    pattern: str, member: StaticMatmul, unmet: Mapping[str, StoredValues], among: int
) -> dict[str, int]:
    fits = re.compile(re.escape(pattern).replace(r"\*", r"\d+") + r"(\.weight)?")
    found = [
        name
        for name, one in unmet.items()
        if fits.fullmatch(name) and one.numbers == member.rows * member.cols
    ]
    return {name: unmet[name].numbers for name in found[:among]}
