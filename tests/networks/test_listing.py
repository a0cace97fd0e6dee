"""Networks written as rows of a sheet: what is read back has the same totals, tiles and uses, at every length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from generated_networks import networks
from generated_sheets import architectures
from hypothesis import given
from hypothesis import strategies as st

from factsheet.authoring.network_section import section_of
from factsheet.crossbar.mapping import TileShape, map_network
from factsheet.errors import WorkloadError
from factsheet.networks.counting import work_of
from factsheet.networks.declared import declaration, declared_network
from factsheet.networks.listing import NotListableError, rows_of
from factsheet.networks.operators import (
    Lookup,
    Network,
    StaticMatmul,
)
from factsheet.recompute.derivation import at_least
from factsheet.recompute.request import Request
from factsheet.sheet.load import read_factsheet
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from factsheet.sheet.model import SheetFields

OVERVIEW = {"name": "A sheet", "model": "A model"}
TILE = TileShape(64, 48)


def sheet_of(rows: list[dict[str, object]]) -> SheetFields:
    sheet, misfits = read_factsheet(
        {"factsheet": 1, "overview": OVERVIEW, "model_architecture": {"operators": rows}}
    )
    assert misfits == ()
    assert sheet is not None
    return sheet


def alike(network: Network) -> dict[str, object]:
    """Return all that a reader is told of a network, but for names."""
    mapping = map_network(network, TILE)
    blocks = [matrix.block for matrix in network.static] + [product.block for product in network.dynamic]
    return {
        "work": work_of(network),
        "parameters": network.parameters,
        "unreached": tuple(network.unreached.values()),
        "at least": tuple(at_least(network)),
        "unknown": [(one.what, one.elements) for one in network.unknown],
        "lookups": [one.lookups for one in network.operators if isinstance(one, Lookup)],
        "weights": (network.analog_weights, network.logical_weights),
        "tiles": [mapped.tiles for mapped in mapping.matrices],
        "uses": [
            (m.rows, m.cols, m.calls, m.uses, network.sharing[m.storage], m.on, m.kind, m.lookahead, m.bias)
            for m in network.static
        ],
        "blocks": [list(dict.fromkeys(blocks)).index(block) for block in blocks],
    }


@given(networks())
def test_any_network_is_read_back_as_it_was(network: Network) -> None:
    back = declared_network(sheet_of(rows_of({1: network})).model_architecture, 1)
    assert alike(back) == alike(network)


@given(architectures(), st.sampled_from((13, 40)))
def test_a_declared_network_is_listed_for_every_length(architecture: dict[str, object], length: int) -> None:
    data = {"factsheet": 1, "overview": OVERVIEW, "model_architecture": architecture}
    sheet, _ = read_factsheet(data)
    assert sheet is not None
    try:
        known = {n: declared_network(sheet.model_architecture, n) for n in (length, 12, 9, 8, 1, 2, 3)}
        rows = rows_of({n: known[n] for n in (length, 12, 9, 8)})
    except WorkloadError:  # a length beyond the positions, or a network that rows cannot follow
        return
    listed = sheet_of(rows)
    for seq_len, network in known.items():
        assert alike(declared_network(listed.model_architecture, seq_len)) == alike(network), seq_len


def test_blocks_that_repeat_are_written_once() -> None:
    sheet, _ = read_factsheet(
        {
            "factsheet": 1,
            "overview": OVERVIEW,
            "model_architecture": {
                "transformer_decoder": {
                    "layers": 24,
                    "hidden_size": 64,
                    "heads": 4,
                    "intermediate_size": 128,
                    "vocabulary": 500,
                }
            },
        }
    )
    assert sheet is not None
    text = section_of(sheet, Request(model=None, batch=1, image_size=None, seq_len=40, decode=True)).yaml
    assert "repeat: 24" in text
    assert text.count("\n") < 100
    document = load_bytes(text.encode(), "section").document
    assert document is not None
    assert isinstance(document.data, dict)
    listed, misfits = read_factsheet({**document.data, "factsheet": 1, "overview": OVERVIEW})
    assert misfits == ()
    assert listed is not None
    step = declared_network(sheet.model_architecture, Request(decode=True).run(40))
    assert alike(declared_network(listed.model_architecture, 1)) == alike(step)


def test_the_own_declaration_of_a_sheet_is_taken_as_it_is(bert: SheetFields) -> None:
    section = section_of(bert, Request())
    assert section.key == "transformer_encoder"
    document = load_bytes(section.yaml.encode(), "section").document
    assert document is not None
    assert isinstance(document.data, dict)
    again, _ = read_factsheet({**document.data, "factsheet": 1, "overview": OVERVIEW})
    assert again is not None
    assert declaration(again.model_architecture).structure == declaration(bert.model_architecture).structure


def test_a_number_that_is_no_polynomial_of_the_length_is_listed_for_one() -> None:
    def strided(length: int) -> Network:
        return Network("n", (StaticMatmul("conv", "conv", 9, 8, calls=length // 2),))

    with pytest.raises(NotListableError):
        rows_of({n: strided(n) for n in (40, 39, 21, 13)})
    assert rows_of({40: strided(40)}) == [{"name": "conv", "rows": 9, "cols": 8, "calls": 20}]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"name": "a", "rows": 4}, "`cols` is not given"),
        ({"name": "a", "rows": 4, "cols": 4, "kind": "softmax"}, "no `matrix` is of the kind `softmax`"),
        ({"name": "a", "repeat": 4}, "`repeat` and `operators` go together"),
        ({"name": "a", "rows": 4, "cols": 4, "each": "token", "besides": -5}, "-4 calls"),
        (
            {"name": "a", "repeat": 100_000, "operators": [{"name": "a.*.b", "does": "elementwise"}] * 3},
            "more than 200,000 operators",
        ),
    ],
)
def test_what_a_row_cannot_mean_is_refused(row: dict[str, object], said: str) -> None:
    sheet = sheet_of([row])
    with pytest.raises(WorkloadError, match=said):
        declared_network(sheet.model_architecture, 1)
