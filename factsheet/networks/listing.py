"""Write a network as rows of the family `operators`, so that what is read back is the same network.

Rows hold at every sequence length where the network was given at several and each of its numbers is a whole polynomial
of the length, of second degree at most; else they hold for one run. Blocks that repeat are written once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.errors import WorkloadError
from factsheet.networks.limits import MOST_OPERATORS
from factsheet.networks.operators import DynamicMatmul, Elementwise, Lookup, StaticMatmul, Unknown
from factsheet.networks.repeated_rows import folded
from factsheet.source.characters import make_value_safe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from factsheet.networks.operators import Network, Operator
    from factsheet.networks.repeated_rows import Row

_LONGEST = 300
"""Characters of a name on a sheet."""


class NotListableError(WorkloadError):
    """A network that cannot be written as rows at every length."""


class Growth(NamedTuple):
    """A number as a polynomial of the sequence length."""

    once: int
    token: int = 0
    pair: int = 0

    @property
    def constant(self) -> bool:
        """Whether it is the same at every length."""
        return not (self.token or self.pair)


def rows_of(networks: Mapping[int, Network]) -> list[Row]:
    """Return the rows of a network.

    Args:
        networks: the network by sequence length, the one that is meant first; one alone where rows hold for one run.

    Raises:
        NotListableError: at several lengths, it differs in more than rows can say.
    """
    lengths = tuple(networks)
    first = networks[lengths[0]]
    columns = [_without_less_than_none(network.operators) for network in networks.values()]
    if len({len(operators) for operators in columns}) > 1:
        raise _unlike("the number of operators")
    if any(
        network.tensors != first.tensors or network.unreached != first.unreached
        for network in networks.values()
    ):
        raise _unlike("what is stored")
    names = _names(first)
    rows: list[Row] = []
    for operators in zip(*columns, strict=True):
        rows += _rows(_AtLengths(operators, lengths), names)
    rows += [{"name": names[name], "does": "stored", "parameters": n} for name, n in first.unreached.items()]
    rows += _beforehand(first, rows)
    if len(rows) > MOST_OPERATORS:
        raise _unlike("more operators than can be listed")
    return folded(rows)


def _without_less_than_none(operators: Sequence[Operator]) -> tuple[Operator, ...]:
    """Return the operators with elements that a trace takes away taken from where it counted them."""
    kept: list[Operator] = []
    for operator in operators:
        if not isinstance(operator, Elementwise) or operator.elements >= 0:
            kept.append(operator)
            continue
        for place in range(len(kept) - 1, -1, -1):
            other = kept[place]
            if (
                isinstance(other, Elementwise)
                and other.kind == operator.kind
                and other.elements >= -operator.elements
            ):
                kept[place] = other._replace(elements=other.elements + operator.elements)
                kept += [operator._replace(elements=0)] if operator.parameters else []
                break
        else:
            raise _unlike(f"the elements of {operator.name}")
    return tuple(kept)


def _unlike(what: str) -> NotListableError:
    return NotListableError(
        f"{what} depends on the sequence length",
        "rows of a sheet hold numbers for each token or inference",
        "list it for one length",
    )


def _names(network: Network) -> Mapping[str, str]:
    """Return each name of the network as a sheet can hold it, still one for each."""
    known: dict[str, str] = {}
    used: set[str] = set()
    every = (
        name
        for operator in network.operators
        for name in (operator.name, operator.block, getattr(operator, "stored_as", ""))
    )
    for name in (*every, *network.unreached):
        if name in known:
            continue
        short = _plain(name) or "unnamed"
        short = short if len(short) <= _LONGEST else f"{short[: _LONGEST - 12]}…"
        plain, number = short, 1
        while plain in used:
            number += 1
            plain = f"{short}~{number}"
        known[name] = plain
        used.add(plain)
    return known


def _plain(name: str) -> str:
    return make_value_safe(" ".join(name.split()))


class _AtLengths(NamedTuple):
    """One operator of a network, at each of several sequence lengths."""

    operators: Sequence[Operator]
    lengths: Sequence[int]

    def growth(self, field: str) -> Growth:
        """Return how one of its numbers depends on the length."""
        values = (getattr(one, field) for one in self.operators)
        return _growth(list(zip(self.lengths, values, strict=True)))

    def check(self, *fields: str) -> None:
        """Raise where it is another operator, or of another size, at another length."""
        first = self.operators[0]
        fields = ("name", "block", *fields)
        if any(
            type(one) is not type(first) or any(getattr(one, f) != getattr(first, f) for f in fields)
            for one in self.operators
        ):
            raise _unlike(f"the kind or size of {first.name}")


def _rows(each: _AtLengths, names: Mapping[str, str]) -> list[Row]:
    """Return the rows of one operator; none of what is neither stored nor work."""
    first = each.operators[0]
    row: Row = {"name": names[first.name]}
    match first:
        case StaticMatmul():
            each.check("rows", "cols", "matrices", "active", "bias", "on", "kind", "lookahead", "stored_as")
            return [_matrix(row, first, each.growth("calls"), names)] if first.weights else []
        case DynamicMatmul():
            each.check()
            return _product(row, first, each.growth, names) if first.macs else []
        case Lookup():
            each.check("rows", "cols", "stored_as")
            sizes = {"does": "lookup", "rows": first.rows, "cols": first.cols}
            table = {**row, **sizes, **_calls(each.growth("lookups")), **_stored(first, names)}
            return [table] if first.parameters else []
        case Elementwise():
            each.check("kind", "parameters", "stored_as")
            row |= {"does": "elementwise", "kind": first.kind}
            return _elementwise(row, first, each.growth("elements"), names)
        case Unknown():
            each.check("what", "parameters", "stored_as")
            known = {"parameters": first.parameters} if first.parameters else {}
            row |= {"does": "unknown", "what": _plain(first.what)[:_LONGEST] or "unknown"}
            return [{**row, **_elements(each.growth("elements")), **known, **_stored(first, names)}]


def _growth(points: Sequence[tuple[int, int]]) -> Growth:
    """Return the polynomial through the points.

    Raises:
        NotListableError: there is none of second degree with whole numbers.
    """
    if len({value for _, value in points}) == 1:
        return Growth(points[0][1])
    (x0, y0), (x1, y1), (x2, y2) = points[:3]
    # Newton's divided differences.
    slope, left = divmod(y1 - y0, x1 - x0)
    further, over = divmod(y2 - y0, x2 - x0)
    pair, rest = divmod(further - slope, x2 - x1)
    token = slope - pair * (x0 + x1)
    once = y0 - token * x0 - pair * x0**2
    fits = all(once + token * x + pair * x**2 == y for x, y in points)
    if left or over or rest or not fits:
        raise _unlike("a number of calls")
    return Growth(once, token, pair)


def _given(key: str, growth: Growth, usual: int | None) -> Row:
    """Return calls or elements as a row has them; `usual` is what goes without saying."""
    if growth.token and growth.pair:
        raise _unlike("a number of calls")
    each = "token" if growth.token else "pair" if growth.pair else ""
    count = growth.token or growth.pair or growth.once
    if count < 0:
        raise _unlike("a number of calls")
    given: Row = {} if count == usual else {key: count}
    if each:
        given["each"] = each
        if growth.once:
            given["besides"] = growth.once
    return given


def _calls(growth: Growth) -> Row:
    return _given("calls", growth, 1)


def _elements(growth: Growth) -> Row:
    return _given("elements", growth, 0)


def _stored(operator: StaticMatmul | Lookup | Elementwise | Unknown, names: Mapping[str, str]) -> Row:
    """Return whose weights it uses, and its block where the name does not say it."""
    row: Row = {}
    if operator.stored_as:
        row["stored_as"] = names[operator.stored_as]
    return {**row, **_block(operator, names)}


def _block(operator: Operator, names: Mapping[str, str]) -> Row:
    name, block = names[operator.name], names[operator.block] if operator.block else ""
    return {"block": block} if block and block != (name.rpartition(".")[0] or name) else {}


def _matrix(row: Row, matrix: StaticMatmul, calls: Growth, names: Mapping[str, str]) -> Row:
    several: Row = {"matrices": matrix.matrices} if matrix.matrices > 1 else {}
    if matrix.active:
        several["active"] = matrix.active
    kind = {} if matrix.kind == ("experts" if matrix.active else "linear") else {"kind": matrix.kind}
    return {
        **row,
        **kind,
        "rows": matrix.rows,
        "cols": matrix.cols,
        **_calls(calls),
        **several,
        **({"bias": True} if matrix.bias else {}),
        **({"side": "digital"} if matrix.on == "digital" else {}),
        **({"lookahead": matrix.lookahead} if matrix.lookahead else {}),
        **_stored(matrix, names),
    }


def _product(
    row: Row, product: DynamicMatmul, growth: Callable[[str], Growth], names: Mapping[str, str]
) -> list[Row]:
    sizes = {key: growth(field) for key, field in (("rows", "k"), ("cols", "n"), ("matrices", "count"))}
    grown = [key for key, size in sizes.items() if not size.constant]
    if len(grown) > 1 or any(sizes[key].once or sizes[key].pair for key in grown):
        raise _unlike(f"the size of {product.name}")
    numbers = {key: size.token or size.once for key, size in sizes.items()}
    many = numbers.pop("matrices")
    several = {"matrices": many} if many > 1 or grown == ["matrices"] else {}
    per_token = {"per_token": grown[0]} if grown else {}
    return [
        {
            **row,
            "does": "product",
            **numbers,
            **_calls(growth("m")),
            **several,
            **per_token,
            **_block(product, names),
        }
    ]


def _elementwise(row: Row, operator: Elementwise, elements: Growth, names: Mapping[str, str]) -> list[Row]:
    """Return one row, or two where some elements come with each token and others with each pair."""
    stored = {"parameters": operator.parameters} if operator.parameters else {}
    rest = {**stored, **_stored(operator, names)}
    if not (elements.token and elements.pair):
        return [{**row, **_elements(elements), **rest}]
    pairs = {**row, "name": f"{row['name'][: _LONGEST - 10]} (pairs)"}
    pairs.setdefault("block", names[operator.block])
    return [
        {**row, **_elements(elements._replace(pair=0)), **rest},
        {**pairs, **_elements(Growth(0, 0, elements.pair))},
    ]


def _beforehand(network: Network, rows: list[Row]) -> list[Row]:
    """Return a row for what is stored and enters through other matrices; take away what is counted twice."""
    if network.tensors is None:
        return []
    taken = {row["name"] for row in rows}

    def free(name: str) -> str:
        ends = ("", *(f" {number}" for number in range(2, len(rows) + 3)))
        return next(found for end in ends if (found := f"{name}{end}") not in taken)

    new = network.new_parameters
    left = network.parameters - sum(new.values()) - sum(network.unreached.values())
    if left > 0:
        rows.append({"name": free("worked out beforehand"), "does": "elementwise", "parameters": left})
    if left >= 0:
        # Says that all is listed, so that unknown work leaves the number of parameters exact.
        closed = {"name": free("stored besides"), "does": "stored", "parameters": 0}
        return [closed] if network.unknown and not network.unreached else []
    by_name = {row["name"]: row for row in rows}
    names = _names(network)
    for operator in reversed(network.operators):
        if left == 0:
            break
        row = by_name.get(names[operator.name])
        if row is not None and isinstance(operator, StaticMatmul | Lookup) and "[" in operator.storage:
            less = min(-left, new[operator.name])
            row["parameters"] = new[operator.name] - less
            left += less
    return []
