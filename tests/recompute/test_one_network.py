"""One network, whoever shows it: `inspect`, `derive` and `sweep` count alike, and no sum hides what is unknown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from generated_networks import networks
from generated_sheets import architectures
from hypothesis import given
from hypothesis import strategies as st

import factsheet
from factsheet.cli.inspect import _total
from factsheet.crossbar.mapping import TileShape
from factsheet.hardware.chip import constants_of
from factsheet.hardware.profile import profile_of
from factsheet.networks.operators import Network, Size, StaticMatmul
from factsheet.recompute.derivation import at_least
from factsheet.recompute.inspection import Inspection, inspect_source
from factsheet.recompute.json_shape import to_json
from factsheet.recompute.request import Request
from factsheet.sweeps.request import Piece, SweepRequest
from factsheet.sweeps.run import Sweeper

if TYPE_CHECKING:
    from factsheet.networks.family import Run
    from factsheet.recompute.derivation import Derivation

OVERVIEW = {"name": "A sheet", "model": "A model"}
TILE = TileShape(64, 48)


def check_alike(inspection: Inspection, derivation: Derivation) -> None:
    """Hold what one shows against what the other shows."""
    rows, totals, network = inspection.rows, derivation.totals, inspection.network
    ops = sum(row.ops or 0 for row in rows)
    known = not network.uses_missing and (bool(ops) or not network.work_missing)
    assert totals.total_ops == (ops if known else None)
    assert sum(row.tiles or 0 for row in rows) == totals.tiles
    assert network.parameters == (totals.parameters if totals.parameters is not None else network.parameters)
    assert sum(row.weights for row in rows) == totals.analog_weights
    assert inspection.sizes == derivation.sizes
    assert tuple(at_least(network)) == totals.at_least
    if any(row.ops is None for row in rows):
        assert {"analog_macs", "total_ops"} <= set(totals.at_least)
        assert _total(inspection).startswith("in all: at least " if known else "in all: ops not known, ")
    names = {row.name for row in rows if row.tiles}
    for matrix in network.analog:
        assert network.tiles_of[matrix.name] in {mapped.name for mapped in network.analog_stored}
    for row in rows:
        if row.on == "analog":
            assert row.tiles or row.shares
            assert row.tiles != 0 or row.shares
    assert bool(names) == bool(network.analog)
    json.dumps(to_json(derivation), allow_nan=False)


@given(architectures(), st.sampled_from((1, 8)), st.sampled_from((1, 3)))
def test_a_declared_network_is_the_same_everywhere(
    architecture: dict[str, Any], seq_len: int, batch: int
) -> None:
    data = {"factsheet": 1, "overview": OVERVIEW, "model_architecture": architecture}
    sheet = factsheet.FactSheet.from_data(data)
    request = Request(seq_len=seq_len, batch=batch, tile=TILE)
    derivation = sheet.derive(request)
    assert derivation.problem is None
    check_alike(inspect_source(sheet, request), derivation)


@given(networks(), st.booleans(), st.sampled_from((None, 9)))
def test_a_network_of_any_source_is_the_same_everywhere(
    network: Network, sized: bool, asked: int | None
) -> None:
    def opened(_source: str, run: Run) -> Network:
        size = Size("sequence length", f"{run.seq_len:,}", run.origin("seq_len"))
        return Network(
            network.name,
            network.operators,
            tensors=network.tensors,
            unreached=network.unreached,
            sizes=(size,) if sized else (),
        )

    sheet = factsheet.FactSheet.from_data({"factsheet": 1, "overview": OVERVIEW})
    request = Request(seq_len=asked, tile=TILE)
    with (
        patch("factsheet.recompute.context.open_source", opened),
        patch("factsheet.recompute.inspection.open_source", opened),
        patch("factsheet.sweeps.subject.open_source", opened),
    ):
        inspection = inspect_source("net.onnx", request)
        derivation = sheet.derive(Request(seq_len=asked, tile=TILE, model="net.onnx"))
        lengths = None if asked is None else (asked,)
        chip = ("ibm-2022", constants_of(profile_of("ibm-2022")))
        swept = Sweeper(
            SweepRequest(("net.onnx",), seq_lens=lengths, batches=(1,), tiles=(TILE,), chips=(chip,))
        )(Piece("net.onnx", lengths, (1,), 1))
    check_alike(inspection, derivation)
    origins = {size.origin for size in inspection.sizes if size.name == "sequence length"}
    (origin,) = origins or (None,)
    assert origin == (("assumed" if asked is None else "asked") if sized else None)
    for chunk in swept.chunks:
        assert chunk.columns["tiles"] == [derivation.totals.tiles]
    assert bool(swept.chunks or swept.omitted)
    if swept.chunks and network.work_missing:
        assert any("at least" in note for note in swept.notes)


def test_a_part_of_a_matrix_in_use_takes_no_tiles_of_its_own() -> None:
    def part(name: str, region: str, rows: int, cols: int) -> StaticMatmul:
        return StaticMatmul(name, "b", rows, cols, calls=1, stored_as=region)

    network = Network(
        "n",
        (
            part("a", "w[0:32]", 64, 32),
            part("whole", "w", 64, 96),
            part("b", "w[32:96]", 64, 64),
            part("c", "v[:, 0:8]", 8, 4),
            part("d", "v[:, 8:16]", 8, 4),
        ),
    )
    # w holds 64 x 96 weights, whatever part of them is read; the parts of v are apart from each other.
    assert network.analog_weights == 64 * 96 + 2 * 8 * 4
    assert network.parameters == 64 * 96 + 2 * 8 * 4
    assert network.tiles_of == {"a": "whole", "whole": "whole", "b": "whole", "c": "c", "d": "d"}
