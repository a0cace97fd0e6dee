"""Whatever a valid sheet leaves out, deriving from it gives facts and reasons, never an exception."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from factsheet.recompute.engine import recompute
from factsheet.recompute.explanation import explain
from factsheet.recompute.json_shape import to_json
from factsheet.recompute.request import Request
from factsheet.recompute.verdict import VERDICT_KINDS
from factsheet.sheet.load import read_factsheet

if TYPE_CHECKING:
    from factsheet.sheet.model import SheetFields

SECTIONS = ("model_architecture", "parameters", "hwa_training", "performance")


def places(node: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in plain data, from the outside in."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [place for key, child in children for place in ((*path, key), *places(child, (*path, key)))]


def drop(data: Any, path: tuple[str | int, ...]) -> None:
    for key in path[:-1]:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            return  # dropped with what it lay in
    if isinstance(data, dict):
        data.pop(path[-1], None)


def check(sheet: SheetFields, **asked: Any) -> None:
    derivation = recompute(sheet, Request(**asked))
    json.dumps(to_json(derivation), allow_nan=False)
    for fact in derivation.facts:
        assert fact.verdict.kind in VERDICT_KINDS
        assert (fact.derived is None) <= (fact.verdict.kind == "not_comparable")
        assert fact.text or fact.note
        assert explain(derivation, fact.path)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_sheet_with_holes(bert_data: dict[str, Any], data: st.DataObject) -> None:
    cut = copy.deepcopy(bert_data)
    all_places = [(section, *place) for section in SECTIONS for place in places(cut[section])]
    all_places += [(section,) for section in SECTIONS]
    for place in data.draw(st.lists(st.sampled_from(all_places), min_size=1, max_size=12)):
        drop(cut, place)
    # What is left may lack a required key; the sheet is then read without its parent.
    sheet, _ = read_factsheet(cut)
    assert sheet is not None
    asked = data.draw(st.sampled_from([{}, {"seq_len": 1}, {"batch": 7}, {"seq_len": 600, "batch": 1}]))
    check(sheet, **asked)


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(["up to 5 W", "at least 1 W", "~3 W", "1 to 2 W", "1e40 W", "1e-40 W"]),
    st.sampled_from(["up to 5 s", "at least 1 s", "about 3 s", "1e40 s", "1e-40 s"]),
    st.sampled_from(["up to 9 kHz", "at least 1 Hz", "1e40 Hz"]),
    st.sampled_from(["up to 9 inferences/s/W", "1e40 inferences/s/W"]),
    st.sampled_from([1, 10**15, "not stated"]),
)
def test_figures_at_the_edge(
    bert_data: dict[str, Any], power: str, time: str, rate: str, efficiency: str, batch: int | str
) -> None:
    row = {
        "seq_len": 10**9,
        "batch": batch,
        "power": power,
        "execution_time": time,
        "throughput": rate,
        "energy_efficiency": efficiency,
    }
    sheet, misfits = read_factsheet({**bert_data, "parameters": {"operating_points": [row]}})
    assert sheet is not None
    assert misfits == ()
    check(sheet)
    check(sheet, seq_len=512, batch=3)


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 3), st.integers(1, 10**15), st.integers(1, 10**15), st.integers(1, 10**15))
def test_dimensions_of_any_size(
    bert_data: dict[str, Any], layers: int, hidden: int, wide: int, vocabulary: int
) -> None:
    encoder = {
        "layers": layers,
        "hidden_size": hidden,
        "heads": 1,
        "intermediate_size": wide,
        "vocabulary": vocabulary,
        "positions": 10**15,
    }
    sheet, misfits = read_factsheet({**bert_data, "model_architecture": {"transformer_encoder": encoder}})
    assert sheet is not None
    assert misfits == ()
    check(sheet, seq_len=10**15, batch=10**15)
