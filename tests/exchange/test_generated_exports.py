"""Generated sheets in every format: accepted by what reads the format, accounted for, and completed to themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from exported_bills import GENERATED, sheet_of
from format_peers import PEERS
from generated_sheets import sheets
from hypothesis import HealthCheck, given, settings
from measured_exports import PAGE, measured_formats, request_of

from factsheet.exchange.formats import FORMATS, export_sheet
from factsheet.exchange.ledger import FactLedger, answers_of

if TYPE_CHECKING:
    from factsheet.exchange.exported import Exported


def written(data: dict[str, Any], name: str, **options: Any) -> Exported:
    return export_sheet(request_of(sheet_of(data), **options), name)


@pytest.mark.parametrize("name", PEERS)
@settings(max_examples=GENERATED, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=sheets())
def test_generated_sheets_are_accepted_and_accounted_for(name: str, data: dict[str, Any]) -> None:
    made = written(data, name)
    PEERS[name](made)
    answers = {path for path, _ in answers_of(FactLedger(sheet_of(data)).data)}
    assert made.answers == len(answers)
    assert {one.path for one in (*made.unsaid, *made.approximated)} <= answers
    assert written(data, name) == made


@settings(max_examples=GENERATED, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=sheets(), other=sheets())
def test_cards_of_generated_sheets_are_completed_once(data: dict[str, Any], other: dict[str, Any]) -> None:
    (fresh,) = written(data, "model-card").files
    (again,) = written(data, "model-card", existing=fresh.text).files
    assert again.content == fresh.content
    (changed,) = written(other, "model-card", existing=fresh.text).files
    PEERS["model-card"](written(other, "model-card", existing=fresh.text))
    (twice,) = written(other, "model-card", existing=changed.text).files
    assert twice.content == changed.content


def test_the_page_of_figures_is_of_every_format_that_has_a_peer() -> None:
    assert set(PEERS) <= set(FORMATS)
    assert measured_formats(PAGE.read_text(encoding="utf-8")) == list(PEERS)
