"""The study's tables as data, against sums counted in the paper and against what its text says of them."""

from __future__ import annotations

from collections import Counter

import pytest

from factsheet.readers.needs import TEMPLATE_NEEDS, needs_of
from factsheet.readers.roles import ROLE_NAMES, ROLES
from factsheet.readers.study import EVALUATORS, INTERVIEWED, SCORES, VOTES, incomplete_facts


def test_table_3_has_as_many_ticks_in_each_row_as_the_paper() -> None:
    # Counted in Table 3, top to bottom: overview, purpose, set-up, architecture, parameters, training and testing,
    # inference, accuracy, prediction time, hardware performance, robustness, limitations.
    assert [len(votes) for votes in VOTES.values()] == [4, 8, 4, 7, 9, 10, 2, 4, 5, 6, 3, 2]


def test_table_3_has_as_many_ticks_in_each_column_as_the_paper() -> None:
    # Counted in Table 3, left to right: P1, P2, P5, P3, P4, P6, P8, P9, P10, P12.
    counted = Counter(who for votes in VOTES.values() for who in votes)
    assert [counted[who] for who in INTERVIEWED] == [9, 8, 8, 3, 8, 5, 6, 7, 4, 6]


def test_only_hardware_researchers_asked_for_the_inference_methodology() -> None:
    # Section 5.1 says so in words.
    asking = {role for role in ROLE_NAMES for need in needs_of(role) if need.need.key == "inference"}
    assert asking == {"hardware-researcher"}


@pytest.mark.parametrize(
    ("fact", "who"),
    [
        ("setup", ("P1-hw", "P2-hw", "P10-dev", "P12-dev")),
        ("accuracy", ("P5-hw", "P4-alg", "P6-data", "P9-data")),
        ("limitations", ("P5-hw", "P8-data")),
    ],
)
def test_rows_of_table_3_read_off_the_paper(fact: str, who: tuple[str, ...]) -> None:
    assert VOTES[fact] == who


def test_table_6_has_as_many_scores_in_each_column_as_the_paper() -> None:
    # Counted in Table 6: for each dimension P1-hw, P5-hw, P7-data, P11-eng.
    counted = Counter((score.dimension, score.participant) for score in SCORES)
    judges = ("P1-hw", "P5-hw", "P7-data", "P11-eng")
    assert [counted["understandability", who] for who in judges] == [0, 2, 1, 8]
    assert [counted["relevance", who] for who in judges] == [0, 1, 3, 5]
    assert [counted["presentability", who] for who in judges] == [0, 3, 1, 7]
    assert [counted["completeness", who] for who in judges] == [5, 5, 7, 9]


def test_every_evaluator_found_the_sheet_incomplete() -> None:
    # Section 5.3 says so in words; P11 was content with the purpose alone.
    assert all(incomplete_facts(role) for role in EVALUATORS)
    assert "Purpose" not in incomplete_facts("ai-engineer")


def test_each_interviewed_role_has_the_needs_that_somebody_of_it_ticked() -> None:
    for role, known in ROLES.items():
        if known.interviewed:
            ticked = {
                key
                for key, votes in VOTES.items()
                if {who.split("-")[0] for who in votes} & set(known.interviewed)
            }
            assert ticked == {need.need.key for need in needs_of(role) if need.basis == "Table 3"}


def test_needs_that_nobody_was_asked_for_say_which_task_they_follow_from() -> None:
    for role in ("ai-engineer", "business-expert"):
        for need in needs_of(role):
            assert need.task is not None or need.basis == "section 5.3"


def test_the_needs_cover_the_rows_of_table_3_in_its_order() -> None:
    assert [need.key for need in TEMPLATE_NEEDS] == list(VOTES)
