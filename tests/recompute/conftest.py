from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from factsheet.recompute.engine import recompute
from factsheet.sheet.load import read_factsheet
from factsheet.source.loader import read_sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.recompute.derivation import Derivation
    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.model import SheetFields

BERT = Path(__file__).parents[2] / "sheets" / "bert.yaml"
_DIMENSIONS = {
    "layers": 12,
    "hidden_size": 768,
    "heads": 12,
    "intermediate_size": 3072,
    "vocabulary": 30522,
    "positions": 512,
    "token_types": 2,
    "pooler": True,
    "fused_qkv": False,
}


@pytest.fixture(scope="session")
def bert_data() -> dict[str, Any]:
    """The published sheet of BERT as plain data."""
    document = read_sheet(BERT).document
    assert document is not None
    assert isinstance(document.data, dict)
    return document.data


@pytest.fixture(scope="session")
def read() -> Callable[[dict[str, Any]], SheetFields]:
    """Read plain data that has to be a valid sheet."""

    def read_valid(data: dict[str, Any]) -> SheetFields:
        sheet, misfits = read_factsheet(data)
        assert sheet is not None
        assert misfits == ()
        return sheet

    return read_valid


@pytest.fixture(scope="session")
def bert(bert_data: dict[str, Any], read: Callable[[dict[str, Any]], SheetFields]) -> SheetFields:
    return read(bert_data)


@pytest.fixture(scope="session")
def bert_facts(bert: SheetFields) -> dict[str, DerivedFact]:
    """What is derived from the published sheet, by path."""
    return {fact.path: fact for fact in recompute(bert).facts}


@pytest.fixture(scope="session")
def sheet_with(read: Callable[[dict[str, Any]], SheetFields]) -> Callable[..., SheetFields]:
    """A small sheet with BERT's dimensions and the sections given; a section given as None is left out."""

    def build(**sections: Any) -> SheetFields:
        data: dict[str, Any] = {
            "factsheet": 1,
            "overview": {"name": "a sheet", "model": "a model"},
            "model_architecture": {"transformer_encoder": _DIMENSIONS},
        }
        data |= sections
        return read(copy.deepcopy({key: value for key, value in data.items() if value is not None}))

    return build


@pytest.fixture(scope="session")
def facts_of(sheet_with: Callable[..., SheetFields]) -> Callable[..., dict[str, DerivedFact]]:
    """What is derived from such a sheet, by path."""

    def build(**sections: Any) -> dict[str, DerivedFact]:
        derivation: Derivation = recompute(sheet_with(**sections))
        return {fact.path: fact for fact in derivation.facts}

    return build
