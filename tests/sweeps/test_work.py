"""Points and rows: which are worked out, what a row says, and how what cannot be worked out is named."""

from __future__ import annotations

from collections import Counter
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factsheet.crossbar.cost.estimate import estimate
from factsheet.crossbar.cost.formula import STRUCTURES
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import CostError, SweepError
from factsheet.hardware.chip import constants_of
from factsheet.hardware.profile import profile_of
from factsheet.networks.policy import Policy
from factsheet.recompute.request import Request
from factsheet.sweeps import evaluation as evaluate
from factsheet.sweeps.columns import COLUMNS, column_named
from factsheet.sweeps.request import PIECE_POINTS, Piece, SweepRequest, pieces_of
from factsheet.sweeps.run import Sweeper, outcomes
from factsheet.sweeps.tally import SweepTally

if TYPE_CHECKING:
    from factsheet.sweeps.columns import Value

BERT = str(Path(__file__).parents[2] / "sheets" / "bert.yaml")
IBM, HERMES = ((name, constants_of(profile_of(name))) for name in ("ibm-2022", "hermes-64"))
SHEET = """\
factsheet: 1
overview: {name: Small, model: small-1}
model_architecture:
  transformer_encoder: {layers: 2, heads: 2, hidden_size: 64, intermediate_size: 128, positions: 100}
"""


def rows(request: SweepRequest, workers: int | None = None) -> list[dict[str, Value]]:
    found = []
    for _, outcome in outcomes(request, workers=workers):
        for chunk in outcome.chunks:
            names = list(chunk.columns)
            found += [dict(zip(names, row, strict=True)) for row in zip(*chunk.columns.values(), strict=True)]
    return found


def tally(request: SweepRequest) -> SweepTally:
    account = SweepTally()
    for piece, outcome in outcomes(request):
        account.add(outcome, piece.points)
    return account


def test_a_sheet_brings_its_own_point_tile_and_chip() -> None:
    (row,) = rows(SweepRequest((BERT,)))
    assert list(row) == [column.name for column in COLUMNS]
    axes = ("network", "hardware", "structure", "seq_len", "batch", "tile_rows", "tile_cols")
    assert [row[name] for name in axes] == [
        *("BERT-base", "ibm-2022", "batch-synchronous"),
        *(32, 4, 512, 512),
    ]
    # IBM/3D-CiM-LLM-Inference-Simulator prints 480 for BERT-base.
    assert row["tiles"] == 480
    # layers · batch · sequence length · slot: 12 · 4 · 32 · 123.75 ns
    assert row["latency_s"] == pytest.approx(190.08e-6)
    # (layers + batch - 1) · sequence length · slot
    assert row["latency_low_s"] == pytest.approx(15 * 32 * 123.75e-9)
    # One vector after the other through 12 · 6 matrices.
    assert row["latency_high_s"] == pytest.approx(72 * 4 * 32 * 123.75e-9)
    # 480 · 1.2025 mm²: 512 · 512 · 2 / 40 ns / (10.9 TOPS/mm²)
    assert row["area_tiles_mm2"] == pytest.approx(480 * 1.2025, rel=1e-4)
    assert row["latency_s_standing"] == "fitted"
    energy, throughput = row["energy_per_inference_j"], row["throughput_inferences_per_s"]
    assert isinstance(energy, float)
    assert isinstance(throughput, float)
    assert row["power_w"] == pytest.approx(energy * throughput)
    assert row["efficiency_inferences_per_s_per_w"] == pytest.approx(1 / energy)
    assert (row["area_chips_mm2"], row["area_chips_mm2_standing"]) == (None, None)


def test_every_row_is_what_an_estimate_of_its_point_says() -> None:
    tiles = (TileShape(256, 256), TileShape(512, 128))
    request = SweepRequest(
        (BERT,),
        seq_lens=(16, 48),
        batches=tuple(range(1, 10)),
        tiles=tiles,
        chips=(IBM, HERMES),
        structures=STRUCTURES,
    )
    found = rows(request)
    assert len(found) == 2 * 9 * 2 * 2 * 3
    assert len(found) // 3 > evaluate._FEW  # noqa: SLF001  all at once, with arrays
    sweeper = Sweeper(request)
    sweeper(Piece(BERT, (16,), (1,), 1))
    subject = sweeper._subject  # noqa: SLF001
    assert subject is not None
    chips = dict((IBM, HERMES))
    for row in found[::11]:
        length, batch, hardware, structure = (
            row[name] for name in ("seq_len", "batch", "hardware", "structure")
        )
        tile = TileShape(int(str(row["tile_rows"])), int(str(row["tile_cols"])))
        one = estimate(
            subject.network_at(int(str(length))),
            chips[str(hardware)],
            batch=int(str(batch)),
            structure=structure,  # type: ignore[arg-type]
            tile=tile,
        )
        assert row["latency_s"] == one.figures.latency
        assert row["energy_per_inference_j"] == one.figures.energy
        assert row["tiles"] == one.tiles
        assert row["chips"] == one.chips
        assert (row["latency_low_s"], row["latency_high_s"]) == one.latency_range
        assert row["area_mm2_standing"] == one.totals["area"].standing
        assert one.figures.area is not None
        assert row["area_mm2"] == pytest.approx(one.figures.area * 1e6)


@pytest.mark.parametrize("without", ["numpy", "arrays for few points"])
def test_one_by_one_and_together_say_the_same(without: str, monkeypatch: pytest.MonkeyPatch) -> None:
    request = SweepRequest((BERT,), seq_lens=(16, 32), batches=tuple(range(1, 41)), chips=(IBM, HERMES))
    together = rows(request)
    if without == "numpy":
        monkeypatch.setattr(evaluate, "find_spec", lambda _: None)
    else:
        monkeypatch.setattr(evaluate, "_FEW", 10**9)
    assert rows(request) == together


AXIS = st.integers(1, 120).map(lambda size: tuple(range(1, size + 1)))


@settings(deadline=None)
@given(AXIS | st.none(), AXIS | st.none(), st.integers(1, 30), st.integers(1, 2))
def test_pieces_hold_every_point_once_and_none_too_many(
    lengths: tuple[int, ...] | None, batches: tuple[int, ...] | None, tiles: int, sources: int
) -> None:
    shapes = tuple(TileShape(side, side) for side in range(1, tiles + 1))
    request = SweepRequest(
        tuple(f"{n}.yaml" for n in range(sources)), seq_lens=lengths, batches=batches, tiles=shapes
    )
    pieces = list(pieces_of(request))
    assert sum(piece.points for piece in pieces) == request.points
    assert max(piece.points for piece in pieces) <= PIECE_POINTS
    found = Counter(
        (piece.source, length, batch)
        for piece in pieces
        for length, batch in product(piece.seq_lens or (None,), piece.batches or (None,))
    )
    assert found == Counter(product(request.sources, lengths or (None,), batches or (None,)))


def test_so_many_points_are_refused_before_anything_is_opened() -> None:
    thousand = tuple(range(1, 10_001))
    request = SweepRequest(
        ("missing.yaml",), seq_lens=thousand, batches=thousand, tiles=tuple(TileShape(n, n) for n in thousand)
    )
    with pytest.raises(SweepError, match="1,000,000,000,000 points"):
        outcomes(request)


def test_what_a_sheet_leaves_open_is_taken_from_its_operating_points(tmp_path: Path) -> None:
    points = "parameters:\n  operating_points:\n" + "".join(
        f"    - {{seq_len: {length}, batch: {batch}}}\n" for length, batch in ((16, 1), (16, 8), (64, 2))
    )
    sheet = tmp_path / "small.yaml"
    sheet.write_text(SHEET + points, "utf-8")

    def found(lengths: tuple[int, ...] | None, batches: tuple[int, ...] | None) -> list[tuple[Value, Value]]:
        request = SweepRequest((str(sheet),), seq_lens=lengths, batches=batches, chips=(IBM,))
        return [(row["seq_len"], row["batch"]) for row in rows(request)]

    assert found(None, None) == [(16, 1), (16, 8), (64, 2)]
    assert found((32,), None) == [(32, 1), (32, 2), (32, 8)]
    assert found(None, (3,)) == [(16, 3), (64, 3)]
    assert found((32,), (3,)) == [(32, 3)]


def test_points_beyond_what_the_network_can_are_counted_and_named(tmp_path: Path) -> None:
    sheet = tmp_path / "small.yaml"
    sheet.write_text(SHEET, "utf-8")
    account = tally(
        SweepRequest((str(sheet),), seq_lens=(50, 100, 101, 150), batches=(1, 2), chips=(IBM, HERMES))
    )
    assert (account.points, account.omitted, account.through) == (8, 8, 16)
    assert not account.unusable
    first, second = account.named()
    assert first.startswith(f"{sheet}, sequence length 101, 4 points: ")
    assert "100 positions" in first
    assert "sequence length 150" in second
    ((omission, kinds, points),) = account.by_source()
    assert (omission.where, kinds, points) == ("sequence length 101", 2, 8)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "cannot be read"),
        ("factsheet: 1\n", "does not fit the schema"),
        (SHEET, "no hardware profile is named"),
        (SHEET + "hardware: {inference: {profile: ibm-2023}}\n", "ibm-2023"),
    ],
)
def test_a_source_that_gives_nothing_costs_only_itself(tmp_path: Path, text: str | None, words: str) -> None:
    sheet = tmp_path / "other.yaml"
    if text is not None:
        sheet.write_text(text, "utf-8")
    account = tally(SweepRequest((str(sheet), BERT), seq_lens=(16, 32), batches=(1,)))
    assert (account.points, account.omitted) == (2, 2)
    assert list(account.unusable) == [str(sheet)]
    assert words in account.named()[0]


def test_a_network_with_nothing_on_tiles_is_one_omission_a_length() -> None:
    request = SweepRequest(
        (BERT,),
        seq_lens=(16, 32),
        batches=(1, 2, 4),
        chips=(IBM, HERMES),
        shared=Request(policy=Policy(digital=("*",))),
    )
    account = tally(request)
    assert (account.points, account.omitted) == (0, 12)
    assert [omission.where for omission in account.omissions()] == [
        "sequence length 16",
        "sequence length 32",
    ]
    assert "nothing of the network is on tiles" in account.named()[0]


def test_one_point_that_fails_costs_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails_at_three(*arguments: object, **options: object) -> object:
        if options["batch"] == 3 and options["tile"] == TileShape(256, 256):
            raise CostError("too much", "it is beyond every number", "ask for less")
        return estimate(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(evaluate, "estimate", fails_at_three)
    tiles = (TileShape(512, 512), TileShape(256, 256))
    request = SweepRequest((BERT,), seq_lens=(16, 32), batches=(1, 2, 3, 4), tiles=tiles, chips=(IBM,))
    account = tally(request)
    assert (account.points, account.omitted) == (14, 2)
    assert account.named()[0] == (
        f"{BERT}, ibm-2022, sequence length 16, batch 3, tiles of 256 x 256, batch-synchronous, 1 point: too much"
    )
    kept = {(row["seq_len"], row["batch"], row["tile_rows"]) for row in rows(request)}
    assert kept == set(product((16, 32), (1, 2, 3, 4), (512, 256))) - {(16, 3, 256), (32, 3, 256)}


def test_figures_that_a_profile_does_not_give_are_told() -> None:
    account = tally(SweepRequest((BERT,), seq_lens=(16,), batches=(1,), chips=(IBM,)))
    assert account.gaps() == ["no area_chips_mm2: ibm-2022 does not say how many tiles a chip has"]


def test_workers_and_pieces_change_nothing(tmp_path: Path) -> None:
    sheets = []
    for number in range(3):
        sheet = tmp_path / f"{number}.yaml"
        sheet.write_text(SHEET.replace("layers: 2", f"layers: {number + 1}"), "utf-8")
        sheets.append(str(sheet))
    request = SweepRequest(tuple(sheets), seq_lens=(16, 32), batches=(1, 2), chips=(IBM,))
    alone = rows(request, workers=1)
    assert len(alone) == 12
    assert rows(request, workers=2) == alone


def test_a_front_that_workers_prepare_is_that_of_all_rows() -> None:
    goals = tuple(column_named(name, COLUMNS, "--pareto") for name in ("energy", "throughput"))
    tiles = tuple(TileShape(side, side) for side in (128, 256, 512))
    request = SweepRequest(
        (BERT,), seq_lens=(16,), batches=(1, 2), tiles=tiles, chips=(IBM, HERMES), goals=goals
    )
    (outcome,) = (outcome for _, outcome in outcomes(request))
    kept = sum(chunk.rows for chunk in outcome.chunks)
    assert outcome.points == 12
    assert 0 < kept < 12
    assert kept + outcome.dominated + outcome.incomparable == 12


def test_another_geometry_of_a_profile_is_that_geometry_and_not_a_resized_tile() -> None:
    # In two reads of 300 ns each, and 500 ns until a block's last result is where the next one begins: 12 blocks ·
    # (4 sequences · 32 tokens · 600 ns + 500 ns), as `factsheet derive` has it.
    chips = (("ambrogio-34", constants_of(profile_of("ambrogio-34"))),)
    (row,) = rows(
        SweepRequest((BERT,), seq_lens=(32,), batches=(4,), tiles=(TileShape(1024, 512),), chips=chips)
    )
    assert row["latency_s"] == pytest.approx(12 * (4 * 32 * 600e-9 + 500e-9))
    many = rows(
        SweepRequest(
            (BERT,), seq_lens=tuple(range(32, 132)), batches=(4,), tiles=(TileShape(1024, 512),), chips=chips
        )
    )
    assert many[0] == row
