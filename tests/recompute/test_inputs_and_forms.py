"""What a comparison names as its inputs, the forms that a file may have, and readings of a small network, by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from factsheet.recompute.claims import claim_at
from factsheet.recompute.comparisons.inputs import (
    MOST_ROWS,
    TileGeometry,
    _rows,
    geometry_of,
    point_inputs,
    structure_inputs,
    tile_inputs,
)
from factsheet.recompute.comparisons.size_claims import compare_size_on_disk
from factsheet.recompute.comparisons.structure_readings import possibility, reading_of
from factsheet.recompute.interpretations import declared, sizes

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.recompute.comparisons.inputs import Figure
    from factsheet.sheet.model import SheetFields

    SheetWith = Callable[..., SheetFields]

# 40 x 30 and 30 x 10 weights, and as many biases as outputs: 1,500 and 40.
MLP = {"mlp": {"sizes": [40, 30, 10]}}
TILE = {"rows": 64, "cols": 64}


@pytest.mark.parametrize(("count", "found"), [(MOST_ROWS, MOST_ROWS), (MOST_ROWS + 1, 1)])
def test_a_long_list_is_named_as_a_whole(count: int, found: int) -> None:
    named = tuple(_rows(("a",), tuple(SimpleNamespace(name=f"r{index}") for index in range(count))))
    assert len(named) == found
    expected = (
        (("a", 0), "`r0` enters it") if found > 1 else (("a",), "the 61 rows that it is recomputed from")
    )
    assert named[0] == expected


def test_a_row_without_a_name_is_named_by_its_number() -> None:
    rows = (SimpleNamespace(name=None), SimpleNamespace(), SimpleNamespace(name="fc"))
    assert tuple(_rows(("a",), rows)) == (
        (("a", 0), "`1` enters it"),
        (("a", 1), "`2` enters it"),
        (("a", 2), "`fc` enters it"),
    )


@pytest.mark.parametrize(
    ("architecture", "figure", "fields"),
    [
        (MLP, lambda known: sizes(known).parameters, ["sizes"]),
        # Biases are parameters, and are not on tiles.
        (
            {"mlp": {"sizes": [40, 30, 10], "biases": True}},
            lambda known: sizes(known).parameters,
            ["sizes", "biases"],
        ),
        (
            {"mlp": {"sizes": [40, 30, 10], "biases": True}},
            lambda known: sizes(known).analog_weights,
            ["sizes"],
        ),
        # What depends on nothing names the declaration.
        (MLP, lambda _: 0, ["mlp"]),
        # With the last layer digital, 1,200 weights are on tiles, and as many parameters as before.
        ({**MLP, "layout": {"digital": ["layer.1.dense"]}}, lambda known: sizes(known).parameters, ["sizes"]),
        (
            {**MLP, "layout": {"digital": ["layer.1.dense"]}},
            lambda known: sizes(known).analog_weights,
            ["layout", "sizes"],
        ),
        (
            {"operators": [{"name": "head", "rows": 60, "cols": 8}, {"name": "tail", "rows": 8, "cols": 2}]},
            lambda known: sizes(known).parameters,
            [0, 1],
        ),
    ],
)
def test_fields_that_a_figure_of_a_network_depends_on(
    sheet_with: SheetWith, architecture: dict[str, Any], figure: Figure, fields: list[Any]
) -> None:
    known = declared(sheet_with(model_architecture=architecture))
    assert known is not None
    assert [path[-1] for path, _ in structure_inputs(known, figure)] == fields


@pytest.mark.parametrize(
    ("parameters", "geometry"),
    [
        (None, TileGeometry()),
        ({"power": "1 W"}, TileGeometry()),
        ({"tile": {"rows": 64, "cols": 32}}, TileGeometry(64, 32)),
        ({"tile": {"rows": 64, "cols": 32, "devices_per_weight": 4}}, TileGeometry(64, 32, 4)),
    ],
)
def test_geometry_as_far_as_the_sheet_says(
    sheet_with: SheetWith, parameters: dict[str, Any] | None, geometry: TileGeometry
) -> None:
    assert geometry_of(sheet_with(parameters=parameters)) == geometry


def test_sides_of_a_tile_that_are_given(sheet_with: SheetWith) -> None:
    sheet, fields = sheet_with(parameters={"tile": TILE}), ("rows", "devices_per_weight")
    assert tile_inputs(sheet, fields) == ((("parameters", "tile", "rows"), "`rows` is 64"),)
    assert tile_inputs(sheet_with(), fields) == ()
    assert tile_inputs(sheet_with(parameters={"power": "1 W"}), fields) == ()


def test_what_places_a_point(sheet_with: SheetWith) -> None:
    sheet = sheet_with(parameters={"operating_points": [{"seq_len": 32, "batch": 4}]})
    assert sheet.parameters is not None
    assert sheet.parameters.operating_points is not None
    (row,) = sheet.parameters.operating_points
    assert [words for _, words in point_inputs(row, ("p",))] == ["`seq_len` is 32", "`batch` is 4"]


@pytest.mark.parametrize(
    ("claimed", "precision", "kind", "possible"),
    [
        # 100,000,000 parameters take 400, 200 and 100 MB; a file holds up to 5 % and 1 MB more: 421, 211, 106 MB.
        ("400 MB", "fp32", "agrees", True),
        ("421.0 MB", "fp32", "within_written", True),
        ("421.2 MB", "fp32", "differs", True),
        ("399 MB", "fp32", "differs", True),
        ("211.0 MB", "fp16", "within_written", True),
        ("211.2 MB", "fp16", "differs", True),
        ("106.0 MB", "int8", "within_written", True),
        ("106.2 MB", "int8", "differs", True),
        # Nearest: 300 MB is halfway, and the wider form comes first; 149 MB is nearer to 100.
        ("301 MB", "fp32", "differs", True),
        ("299 MB", "fp16", "differs", True),
        ("149 MB", "int8", "differs", True),
        # One bit a parameter is 12.5 MB, 160 bits are 2 GB.
        ("12.5 MB", "int8", "differs", True),
        ("12.4 MB", "int8", "differs", False),
        ("2000 MB", "fp32", "differs", True),
        ("2001 MB", "fp32", "differs", False),
    ],
)
def test_forms_of_a_file_by_claimed_parameters(
    sheet_with: SheetWith, claimed: str, precision: str, kind: str, possible: bool
) -> None:
    sheet = sheet_with(
        model_architecture=None,
        parameters={"parameters": "100,000,000"},
        performance={"size_on_disk": claimed},
    )
    found = compare_size_on_disk(sheet)
    assert found is not None
    assert (found.precision, found.verdict.kind, found.possible) == (precision, kind, possible)
    assert found.source == ("parameters", "parameters")
    assert bool(found.verdict.why) is (kind == "within_written")
    differs = ((("parameters", "parameters"), "the number of parameters"),)
    assert found.related == (differs if kind == "differs" else ())


# 4,000 x 3,000 and 3,000 x 1,000 weights, and 4,000 biases: 15,004,000 parameters.
LARGE = {"mlp": {"sizes": [4000, 3000, 1000]}}


@pytest.mark.parametrize(
    ("claimed", "precision", "kind"),
    [
        ("60.016 MB", "fp32", "agrees"),
        ("30.008 MB", "fp16", "agrees"),
        # 15,000,000 weights at a byte and 4,000 biases at four are 15.016 MB, which int8 with a header is as well; up
        # to 15,004,000 · 1.05 + 1 MB = 16.7542 MB it is the one, and up to 16.7668 MB the other.
        ("15.016 MB", "int8", "within_written"),
        ("16.760 MB", "int8 beside fp32", "within_written"),
        ("16.780 MB", "int8", "differs"),
    ],
)
def test_forms_of_a_file_by_its_network(
    sheet_with: SheetWith, claimed: str, precision: str, kind: str
) -> None:
    sheet = sheet_with(model_architecture=LARGE, performance={"size_on_disk": claimed})
    found = compare_size_on_disk(sheet)
    assert found is not None
    assert (found.precision, found.verdict.kind) == (precision, kind)
    assert found.source == ("model_architecture", "mlp")
    assert [path[-1] for path, _ in found.related] == (["sizes"] if kind == "differs" else [])


def test_a_file_needs_a_claim_and_a_number_of_parameters(sheet_with: SheetWith) -> None:
    assert compare_size_on_disk(sheet_with()) is None
    alone = sheet_with(model_architecture=None, performance={"size_on_disk": "1 MB"})
    assert compare_size_on_disk(alone) is None


def test_a_list_of_operators_may_leave_parameters_out(sheet_with: SheetWith) -> None:
    # 600 x 128 weights are 0.3 MB in fp32; the 100,000,000 that the sheet claims are 400 MB.
    listed = {"operators": [{"name": "head", "rows": 600, "cols": 128}]}
    found = compare_size_on_disk(
        sheet_with(
            model_architecture=listed,
            parameters={"parameters": "100,000,000"},
            performance={"size_on_disk": "400 MB"},
        )
    )
    assert found is not None
    assert (found.source, found.value) == (("parameters", "parameters"), 400_000_000)


@pytest.mark.parametrize(
    ("name", "claimed", "layout", "words"),
    [
        ("parameters", "1,500", None, "its biases are not counted"),
        ("parameters", "1,501", None, None),
        ("analog_weights", "1,540", None, "its biases are on tiles too"),
        ("analog_weights", "1,539", None, None),
        ("analog_weights", "1,200", None, "its last layer, `layer.1.dense`, is digital"),
        ("analog_weights", "300", None, "its first layer, `layer.0.dense`, is digital"),
        # One layer of 40 x 30 is one tile, of 2 · 1,200 devices.
        ("tiles", "1", None, "its last layer, `layer.1.dense`, is digital"),
        ("devices", "2,400", None, "its last layer, `layer.1.dense`, is digital"),
        ("devices", "2,401", None, None),
        # A sheet that says where its layers are leaves nothing of that unstated.
        ("analog_weights", "1,200", {"analog": ["*"]}, None),
        ("devices", "2,400", {"analog": ["*"]}, None),
        # With them on tiles there are 1,540, and 1,500 without.
        ("analog_weights", "1,500", {"biases": "on tiles"}, "the biases on tiles are not counted"),
        ("analog_weights", "1,499", {"biases": "on tiles"}, None),
        ("devices", "3,000", {"biases": "on tiles"}, None),
    ],
)
def test_readings_that_a_sheet_does_not_state(
    sheet_with: SheetWith, name: str, claimed: str, layout: dict[str, Any] | None, words: str | None
) -> None:
    sheet = sheet_with(
        model_architecture=MLP if layout is None else {**MLP, "layout": layout},
        parameters={name: claimed, "tile": {**TILE, "devices_per_weight": 2}},
    )
    known, claim = declared(sheet), claim_at(sheet, "parameters", name)
    assert known is not None
    assert claim is not None
    found = reading_of(sheet, claim, name, known)
    assert (found.interpretation if found is not None else None) == words
    if found is not None and words != "the biases on tiles are not counted":
        assert found.unstated


@pytest.mark.parametrize("name", ["analog_weights", "tiles", "devices"])
def test_without_sides_there_is_nothing_to_place(sheet_with: SheetWith, name: str) -> None:
    sheet = sheet_with(model_architecture=MLP, parameters={name: "7"})
    known, claim = declared(sheet), claim_at(sheet, "parameters", name)
    assert known is not None
    assert claim is not None
    assert reading_of(sheet, claim, name, known) is None
    assert possibility(sheet, claim, name, known) == ""


# By hand: 10 · 8 and 4 · 8 in tables and 16 of a norm, 4 · (64 + 8), 128 + 16, 128 + 8 and two norms of 16: 728, of
# which 112 are in tables, 4 · 8 + 16 + 8 are biases, and 4 · 64 + 2 · 128 are weights of matrices.
_SIDES = {
    "layers": 1,
    "hidden_size": 8,
    "heads": 2,
    "intermediate_size": 16,
    "vocabulary": 10,
    "positions": 4,
}
ENCODER = {"transformer_encoder": {**_SIDES, "token_types": 0, "pooler": False, "fused_qkv": False}}
# 30 x 30 positions of a window of 3 x 3 in 32 x 32 pixels.
_CONV = {"image_size": 32, "layers": [{"kind": "conv", "channels": 16, "kernel": 3, "name": "a"}]}
CONV = {"convolutional": _CONV}
LISTED = {"operators": [{"name": "head", "rows": 40, "cols": 10}]}
POINTS = [{"name": f"p{length}", "seq_len": length, "batch": 1} for length in (32, 64)]


@pytest.mark.parametrize(
    ("architecture", "name", "claimed", "words", "unstated"),
    [
        (ENCODER, "parameters", "616", "its embeddings are not counted", True),
        (ENCODER, "parameters", "672", "its biases are not counted", True),
        (ENCODER, "parameters", "512", "only the weights of its matrices are counted", True),
        (ENCODER, "parameters", "840", None, True),
        (ENCODER, "reuse_factor", "32", "the tokens of a sequence are counted as uses", True),
        (ENCODER, "reuse_factor", "64", "the tokens of a sequence are counted as uses", True),
        (ENCODER, "reuse_factor", "33", None, True),
        (CONV, "reuse_factor", "900", "uses within an inference are counted, as those of `a`", False),
        (CONV, "reuse_factor", "32", None, True),
    ],
)
def test_readings_by_family(
    sheet_with: SheetWith,
    architecture: dict[str, Any],
    name: str,
    claimed: str,
    words: str | None,
    *,
    unstated: bool,
) -> None:
    sheet = sheet_with(
        model_architecture=architecture, parameters={name: claimed, "operating_points": POINTS}
    )
    known, claim = declared(sheet), claim_at(sheet, "parameters", name)
    assert known is not None
    assert claim is not None
    found = reading_of(sheet, claim, name, known)
    assert (found.interpretation if found is not None else None) == words
    if found is not None:
        assert found.unstated is unstated


@pytest.mark.parametrize(
    ("architecture", "name", "claimed", "words"),
    [
        # 400 weights and no part beside them is declared: a list may leave some out, and holds no fewer.
        (LISTED, "parameters", "9,000", "a part of the network is not listed, such as tables of embeddings"),
        (LISTED, "parameters", "200", ""),
        # Two devices a weight are 3,000 of them, at the least.
        (MLP, "devices", "2,000", ""),
        # On sides that the sheet states, no other placement makes a claim right.
        ({**MLP, "layout": {"analog": ["*"]}}, "devices", "9,000", ""),
        (
            {**MLP, "layout": {"analog": ["*"]}},
            "parameters",
            "1,600",
            "a part of the network is not declared",
        ),
    ],
)
def test_what_no_reading_explains(
    sheet_with: SheetWith, architecture: dict[str, Any], name: str, claimed: str, words: str
) -> None:
    tile = {**TILE, "devices_per_weight": 2}
    sheet = sheet_with(model_architecture=architecture, parameters={name: claimed, "tile": tile})
    known, claim = declared(sheet), claim_at(sheet, "parameters", name)
    assert known is not None
    assert claim is not None
    assert possibility(sheet, claim, name, known).partition(", such as an")[0] == words


@pytest.mark.parametrize(("claimed", "sure"), [("32", True), ("64", True), ("48", False)])
def test_steps_of_a_stated_sequence_may_be_uses(sheet_with: SheetWith, claimed: str, sure: bool) -> None:
    sheet = sheet_with(
        model_architecture=MLP,
        parameters={
            "reuse_factor": claimed,
            "operating_points": [{**point, "energy": "1 mJ"} for point in POINTS],
        },
    )
    known, claim = declared(sheet), claim_at(sheet, "parameters", "reuse_factor")
    assert known is not None
    assert claim is not None
    words = "the steps of a sequence are counted as uses"
    assert possibility(sheet, claim, "reuse_factor", known) == (words if sure else "")


@pytest.mark.parametrize(
    ("on_chip", "words"),
    [
        (1, "weights are loaded in several rounds, as the chip has no more tiles"),
        (4, "matrices share tiles"),
    ],
)
def test_a_chip_with_fewer_tiles_is_loaded_in_rounds(sheet_with: SheetWith, on_chip: int, words: str) -> None:
    sheet = sheet_with(
        model_architecture=MLP,
        parameters={"tiles": "1", "tile": TILE},
        hardware={"inference": {"tiles": on_chip}},
    )
    known, claim = declared(sheet), claim_at(sheet, "parameters", "tiles")
    assert known is not None
    assert claim is not None
    assert possibility(sheet, claim, "tiles", known) == words


@pytest.mark.parametrize(
    ("architecture", "figure", "fields"),
    [
        # Heads share the hidden size between them, so that twice as many change no weight.
        (ENCODER, lambda known: sizes(known).analog_weights, ["layers", "hidden_size", "intermediate_size"]),
        (
            ENCODER,
            lambda known: sizes(known).parameters,
            ["layers", "hidden_size", "intermediate_size", "vocabulary", "positions", "pooler"],
        ),
        # A window of 3 x 3 in an image of any size has as many weights; each row of the list is named.
        (CONV, lambda known: sizes(known).analog_weights, [0]),
    ],
)
def test_fields_of_other_families(
    sheet_with: SheetWith, architecture: dict[str, Any], figure: Figure, fields: list[Any]
) -> None:
    known = declared(sheet_with(model_architecture=architecture))
    assert known is not None
    assert sorted(map(str, (path[-1] for path, _ in structure_inputs(known, figure)))) == sorted(
        map(str, fields)
    )
