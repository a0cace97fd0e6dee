"""Find the family and the dimensions that give exactly the operators of a network, if there are any.

Dimensions are read off the operators, and every way to complete them is built anew and compared: products in order,
work by kind, tables, stored numbers, at each length. What differs in anything is not declared by a family.
"""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any

from factsheet.errors import WorkloadError
from factsheet.networks.counting import work_of
from factsheet.networks.declared import SECTION, declaration, declared_network
from factsheet.networks.operators import Lookup
from factsheet.sheet.load import read_factsheet

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from factsheet.facts.section import Record
    from factsheet.networks.operators import Network, StaticMatmul

_ABSENT = {"not_applicable": "The network has none."}
_GATES = {4: "lstm", 3: "gru"}
_TABLES = ("vocabulary", "positions", "token_types")
"""Tables of an encoder. A model reads them in any order, so each is tried as each."""


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
        tuple(sorted((t.rows, t.cols, t.lookups) for t in network.operators if isinstance(t, Lookup))),
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
    whole = {
        "layers": len(network.dynamic) // 2,
        "hidden_size": scores.count * scores.k,
        "heads": scores.count,
    }
    for width in _widths(network, whole["hidden_size"]):
        body = {**whole, "intermediate_size": width}
        yield from _encoders(network, body)
        yield from _decoders(network, body)
        yield from _encoder_decoders(network, body)
        yield from _vision(network, body)


def _widths(network: Network, hidden: int) -> tuple[int, ...]:
    """Return what matrices bring back to the width of the stream, as the last of a feed-forward block does."""
    back = dict.fromkeys(matrix.rows for matrix in network.static if matrix.cols == hidden)
    return tuple(sorted(back, key=lambda width: width == hidden))


def _encoders(network: Network, body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    tables = [operator for operator in network.operators if isinstance(operator, Lookup)]
    if len(tables) > len(_TABLES):
        return
    hidden = body["hidden_size"]
    more: dict[str, Any] = {"fused_qkv": any(matrix.cols == 3 * hidden for matrix in network.static[:2])}
    if tables and tables[0].cols != hidden:
        more["embedding_size"] = tables[0].cols
    if max(network.sharing.values()) >= body["layers"] > 1:
        more["shared_layers"] = True
    for names in permutations(_TABLES, len(tables)):
        rows = {name: table.rows for name, table in zip(names, tables, strict=True)}
        tabled = {name: rows.get(name, _ABSENT) for name in _TABLES}
        for outputs in _outputs(network.static, hidden):
            yield "transformer_encoder", {**body, **tabled, **more, **outputs}


def _outputs(matrices: Sequence[StaticMatmul], hidden: int) -> Iterator[dict[str, Any]]:
    """Yield what the last matrices can be: a block's, a pooler, the layer of a task with or without one."""
    before, last = matrices[-2:] if len(matrices) > 1 else (matrices[-1], matrices[-1])
    yield {"pooler": False}
    yield {"pooler": True, "pooler_on_tiles": last.on == "analog"}
    if last.rows != hidden or not last.bias:
        return
    positions = {} if last.calls == 1 else {"head_positions": "every"}
    head = {"classes": last.cols, **positions, "head_on_tiles": last.on == "analog"}
    yield {"pooler": False, **head}
    yield {"pooler": True, "pooler_on_tiles": before.on == "analog", **head}


def _decoders(network: Network, body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    scores = network.dynamic[0]
    tables = [operator.rows for operator in network.operators if isinstance(operator, Lookup)]
    decoder = {**body, "vocabulary": tables[0] if tables else _ABSENT}
    if len(tables) > 1:
        decoder["positions"] = tables[1]
    keys = network.static[1].cols // scores.k if len(network.static) > 1 else 0
    shared = {"kv_heads": keys} if 0 < keys < scores.count else {}
    experts = next((matrix for matrix in network.static if matrix.matrices > 1 and matrix.active), None)
    mixture = {"experts": experts.matrices, "active_experts": experts.active} if experts is not None else {}
    yield "transformer_decoder", {**decoder, **shared, **mixture}


def _encoder_decoders(network: Network, body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield those whose attentions are as many as of both sides together, a block of the decoder having two."""
    tables = [operator for operator in network.operators if isinstance(operator, Lookup)]
    blocks = sum(matrix.rows == body["intermediate_size"] for matrix in network.static)
    decoder = body["layers"] - blocks
    if not 0 < decoder < blocks or len(tables) < 2:  # noqa: PLR2004  both sides look tokens up
        return
    sizes = {name: value for name, value in body.items() if name != "layers"}
    sides = {"encoder_layers": blocks - decoder, "decoder_layers": decoder, **sizes}
    sides["vocabulary"] = tables[0].rows
    # A table of relative positions has a number for each head, one of positions a row as wide as the stream.
    relative = next((table.rows for table in tables if table.cols == body["heads"]), 0)
    if relative:
        sides["relative_buckets"] = relative
    positions = dict.fromkeys(table.rows for table in tables[1:] if table.cols == body["hidden_size"])
    for rows in (0, *(rows for rows in positions if rows != tables[0].rows)):
        yield "encoder_decoder", {**sides, "positions": rows}
        yield "encoder_decoder", {**sides, "positions": rows, "embedding_norm": True}


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
