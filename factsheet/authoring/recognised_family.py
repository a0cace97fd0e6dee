"""Find the family and the dimensions that give exactly the operators of a network, if there are any.

Dimensions are read off the operators, and every way to complete them is built anew and compared: products in order,
work by kind, tables, stored numbers, at each length. What differs in anything is not declared by a family.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from factsheet.errors import WorkloadError
from factsheet.networks.counting import work_of
from factsheet.networks.declared import SECTION, declaration, declared_network
from factsheet.networks.operators import Lookup
from factsheet.sheet.load import read_factsheet

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from factsheet.facts.section import Record
    from factsheet.networks.operators import Network

_ABSENT = {"not_applicable": "The network has none."}
_GATES = {4: "lstm", 3: "gru"}
_MOST_WIDTHS = 6
"""Different widths of matrices that are tried as that of the feed-forward block."""


def recognised(networks: Mapping[int, Network]) -> tuple[str, dict[str, Any]] | None:
    """Return the key of `model_architecture` and the dimensions that give the same operators at each of the lengths.

    Args:
        networks: the network by sequence length.
    """
    first = next(iter(networks.values()))
    if first.unknown or first.unreached or not first.static:
        return None
    wanted = {length: _signature(network) for length, network in networks.items()}
    for key, dimensions in _candidates(first):
        for completed in _completed(key, dimensions):
            architecture = _read(key, completed)
            if architecture is not None and _gives(architecture, wanted):
                return key, completed
    return None


def _signature(network: Network) -> Hashable:
    """Return all that a reader is told of a network, but for names."""
    places: dict[str, int] = {}
    return (
        tuple(
            (matrix._replace(name="", block="", stored_as=""), places.setdefault(matrix.storage, len(places)))
            for matrix in network.static
        ),
        tuple(product._replace(name="", block="") for product in network.dynamic),
        tuple((t.rows, t.cols, t.lookups) for t in network.operators if isinstance(t, Lookup)),
        tuple(work_of(network).elements.items()),
        network.parameters,
    )


def _gives(architecture: Record, wanted: Mapping[int, Hashable]) -> bool:
    try:
        for length, signature in wanted.items():
            network = declared_network(architecture, length)
            if network.omitted or _signature(network) != signature:
                return False
    except WorkloadError:
        return False
    return True


def _read(key: str, dimensions: dict[str, Any]) -> Record | None:
    overview = {"name": "a network", "model": "a network"}
    sheet, misfits = read_factsheet({"factsheet": 1, "overview": overview, SECTION: {key: dimensions}})
    return None if sheet is None or misfits else sheet.model_architecture


def _completed(key: str, dimensions: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the dimensions with every way to answer what they leave open."""
    architecture = _read(key, dimensions)
    if architecture is None:
        return
    try:
        for found in declaration(architecture).interpretations():
            yield {**dimensions, **found.answers}
    except WorkloadError:
        return


def _candidates(network: Network) -> Iterator[tuple[str, dict[str, Any]]]:
    if network.dynamic:
        yield from _transformers(network)
    elif all(matrix.kind == "recurrent" for matrix in network.static[:2]) and len(network.static) > 1:
        yield from _recurrent(network)
    elif all(matrix.kind == "linear" and matrix.calls == 1 for matrix in network.static):
        sizes = [network.static[0].rows, *(matrix.cols for matrix in network.static)]
        for biases in (True, False):
            yield "mlp", {"sizes": sizes, "biases": biases}


def _recurrent(network: Network) -> Iterator[tuple[str, dict[str, Any]]]:
    first, second = network.static[:2]
    cell = _GATES.get(second.cols // second.rows)
    cells = sum(matrix.kind == "recurrent" for matrix in network.static) // 2
    if cell is None:
        return
    tables = [operator.rows for operator in network.operators if isinstance(operator, Lookup)]
    for directions in (1, 2):
        yield (
            "recurrent",
            {
                "cell": cell,
                "input_size": first.rows,
                "hidden_size": second.rows,
                "layers": max(cells // directions, 1),
                **({"bidirectional": True} if directions > 1 else {}),
                **({"vocabulary": tables[0]} if tables else {}),
                **({"outputs": network.static[-1].cols} if len(network.static) % 2 else {}),
            },
        )


def _transformers(network: Network) -> Iterator[tuple[str, dict[str, Any]]]:
    scores = network.dynamic[0]
    tables = [operator.rows for operator in network.operators if isinstance(operator, Lookup)]
    whole = {
        "layers": len(network.dynamic) // 2,
        "hidden_size": scores.count * scores.k,
        "heads": scores.count,
    }
    keys = network.static[1].cols // scores.k if len(network.static) > 1 else 0
    for width in _widths(network):
        body = {**whole, "intermediate_size": width}
        tabled = dict(
            zip(("vocabulary", "positions", "token_types"), [*tables, *[_ABSENT] * 3], strict=False)
        )
        yield "transformer_encoder", {**body, **tabled, "pooler": False}
        yield "transformer_encoder", {**body, **tabled, "pooler": True}
        decoder = {**body, "vocabulary": tabled["vocabulary"]}
        if len(tables) > 1:
            decoder["positions"] = tables[1]
        shared = {"kv_heads": keys} if 0 < keys < scores.count else {}
        experts = next((matrix for matrix in network.static if matrix.matrices > 1 and matrix.active), None)
        mixture = (
            {"experts": experts.matrices, "active_experts": experts.active} if experts is not None else {}
        )
        yield "transformer_decoder", {**decoder, **shared, **mixture}
        yield from _vision(network, body)


def _widths(network: Network) -> Iterable[int]:
    widths = dict.fromkeys(matrix.cols for matrix in network.static)
    return tuple(widths)[:_MOST_WIDTHS]


def _vision(network: Network, body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    patch = network.static[0]
    side = round((patch.rows / 3) ** 0.5)
    image = next((size.value for size in network.sizes if size.name == "image"), "")
    if patch.kind != "convolution" or 3 * side * side != patch.rows or not image:
        return
    height, width = (int(part.replace(",", "")) for part in image.split(" x "))
    sizes = {"image_size": [height, width], "patch_size": side}
    yield "vision_transformer", {**sizes, **body, "classes": network.static[-1].cols}
    yield "vision_transformer", {**sizes, **body, "classes": _ABSENT}
