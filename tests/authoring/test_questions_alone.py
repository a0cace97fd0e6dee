"""Each question of the schema can be put to somebody who sees nothing else: it has a subject, and is asked once."""

from __future__ import annotations

import re
from collections import Counter

from factsheet.api.fact_sheet import loads
from factsheet.authoring.field_catalogue import catalogue
from factsheet.authoring.todo import owed_facts, todo_issues, todo_markdown, todo_text
from factsheet.readers.roles import ROLE_NAMES
from factsheet.readers.suppliers import supplying_role

MINIMAL = "factsheet: 1\noverview: {name: Example, model: BERT-base}\n"
STANDS_FOR_SOMETHING = re.compile(r"(?:[\w']+[ ,]+){1,5}(?:it|its|they|them|I)\b")
"""A word in the place of a subject that was named before: in a mail nothing was."""


def test_no_two_questions_are_alike() -> None:
    asked = Counter(entry.question for entry in catalogue())
    assert [question for question, times in asked.items() if times > 1] == []


def test_a_question_names_what_it_is_about() -> None:
    for entry in catalogue():
        assert entry.question.endswith("?"), entry.path
        assert "{" not in entry.question, entry.path
        assert len(entry.question.split()) > len(("Who", "wrote", "it?")), entry.question
        assert not STANDS_FOR_SOMETHING.match(entry.question), f"{entry.path}: {entry.question}"


def test_training_data_and_test_data_are_asked_for_apart() -> None:
    asked = {entry.path: entry.question for entry in catalogue()}
    assert asked["training_data.split"] == "Which split of the data set is the training data?"
    assert asked["test_data.split"] == "Which split of the data set is the test data?"


def test_every_role_of_the_lifecycle_is_asked_for_what_it_can_know() -> None:
    # Table 1 of the study: AI engineers integrate models into pipelines, software developers compose applications
    # with them, business experts evaluate benefits and competitive advantage.
    asked: dict[str | None, set[str]] = {}
    for fact in owed_facts(loads(MINIMAL)):
        path = fact.path.partition(" or ")[0].replace("[…]", "")
        asked.setdefault(supplying_role(path), set()).add(path)
    assert set(asked) >= set(ROLE_NAMES)
    assert {"setup.weights", "setup.requirements"} <= asked["ai-engineer"]
    assert {"setup.instructions", "setup.interface"} <= asked["software-developer"]
    assert {"purpose.intended_users", "purpose.benefits"} <= asked["business-expert"]


def test_each_question_of_the_list_says_how_to_answer_it() -> None:
    facts = owed_facts(loads(MINIMAL))
    lines = todo_text("a.yaml", facts, "published").splitlines()
    for fact in facts:
        line = lines[lines.index(f"  {fact.path}: {fact.question}") + 1].strip()
        assert line == fact.answer
        assert ", for example `" in line
    power = next(fact for fact in facts if fact.path == "parameters.power")
    assert power.answer == "power, for example `3.13 W`"
    for text in (todo_markdown("a.yaml", facts, "published"), todo_issues("a.yaml", facts, "published")):
        assert "power, for example `3.13 W`" in text


def test_the_name_of_a_file_stays_one_in_an_issue() -> None:
    """GitHub reads mentions after Markdown has been read: a code span alone keeps them words."""
    heading = todo_markdown("cc @octo/team www.x.example.yaml", [], "published").splitlines()[0]
    assert heading.startswith("# cc `@octo`/team www\\.x.example.yaml: 0 facts missing")
