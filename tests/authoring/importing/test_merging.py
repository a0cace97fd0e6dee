"""Facts of several sources in one draft: the first stands, agreement is that of written digits, rows are kept apart."""

from __future__ import annotations

import pytest

from factsheet.authoring.found import Found
from factsheet.authoring.importing.imported import NEW_ROW, Imported, Unclear
from factsheet.authoring.importing.merging import agree, merge

POWER = ("parameters", "power")


def _source(name: str, *facts: Found) -> Imported:
    return Imported(name, "a source", facts)


def test_the_source_named_first_stands_and_the_other_is_kept() -> None:
    draft = merge(
        [
            _source("card", Found(POWER, "3.13 W", "README.md:4", "declared")),
            _source("log", Found(POWER, "4 W", "log.csv:2", "measured")),
        ]
    )
    assert draft.data == {"parameters": {"power": {"value": "3.13 W", "source": "declared"}}}
    (conflict,) = draft.conflicts
    assert "3.13 W" in conflict.words
    assert "4 W" in conflict.words
    assert "log.csv:2" in conflict.words


def test_digits_that_leave_room_for_one_value_agree() -> None:
    assert agree(POWER, "3.13 W", "3130 mW")
    assert agree(POWER, "3.1 W", "3.13 W")
    assert not agree(POWER, "3.13 W", "3.2 W")
    assert agree(("overview", "licence"), "Apache-2.0", "apache-2.0")
    assert agree(("training_data", "language"), ["English"], "English")


def test_rows_of_several_sources_are_one_list_without_doubles() -> None:
    place = ("training_data", "datasets", NEW_ROW)
    glue = {"name": "nyu-mll/glue", "configuration": "mnli"}
    draft = merge(
        [
            _source("card", Found(place, glue, "README.md:3")),
            _source(
                "results", Found(place, dict(glue), "a.yaml:1"), Found(place, {"name": "squad"}, "a.yaml:2")
            ),
        ]
    )
    assert draft.data["training_data"]["datasets"] == [glue, {"name": "squad"}]


def test_a_part_is_compared_with_what_is_stated_whole() -> None:
    tile = ("parameters", "tile")
    whole = Found(tile, {"rows": 512, "cols": 512}, "a")
    parts = (Found((*tile, "rows"), 256, "b:1"), Found((*tile, "devices_per_weight"), 2, "b:2"))
    draft = merge([_source("a", whole), _source("b", *parts)])
    assert draft.data["parameters"]["tile"] == {"rows": 512, "cols": 512, "devices_per_weight": 2}
    assert [conflict.other.value for conflict in draft.conflicts] == [256]


def test_a_question_that_another_source_answers_is_none() -> None:
    layout = ("model_architecture", "layout")
    asked = Unclear(layout, "config.json", "the side of the head", (("digital", {"digital": ["lm_head"]}),))
    config = Imported("config.json", "a configuration", unclear=(asked,))
    answer = Found((*layout, "digital"), ["lm_head"], "train.py:3")
    assert merge([config, _source("train.py", answer)]).imports[0].unclear == ()
    assert merge([config, _source("card")]).imports[0].unclear == (asked,)


FRAMEWORK = ("setup", "framework")
RESULTS = ("performance", "results", NEW_ROW)


def _table(name: str, task: str, score: str, split: str) -> Found:
    row = {"task": task, "evaluation": {"split": split}, "scores": {"model": score}}
    table = {
        "name": name,
        "metric": "accuracy",
        "systems": [{"id": "model", "name": "model"}],
        "tasks": [row],
    }
    return Found(RESULTS, table, name, None)


def test_a_name_with_its_version_says_more_than_the_name() -> None:
    for names in (("transformers", "transformers 4.57.1"), ("transformers 4.57.1", "transformers")):
        draft = merge([_source(name, Found(FRAMEWORK, name, "file", None)) for name in names])
        assert draft.data["setup"]["framework"] == "transformers 4.57.1"
        assert not draft.conflicts


@pytest.mark.parametrize(
    ("score", "split", "once"),
    [
        ("92.5459 %", "evaluation", True),
        ("92.55 %", "evaluation", True),
        ("92.31 %", "evaluation", False),
        ("92.5459 %", "test", False),
        ("90 %", "evaluation", False),  # two digits can be the same by chance
    ],
)
def test_a_score_that_two_sources_have_is_in_one_table(score: str, split: str, once: bool) -> None:
    first = "90 %" if score == "90 %" else "92.5459 %"
    card = _source("card", _table("Model card: accuracy", "GLUE SST2", first, "validation"))
    log = _source("log", _table("Evaluation: accuracy", "evaluation", score, split))
    draft = merge([card, log])
    assert len(draft.data["performance"]["results"]) == (1 if once else 2)
    assert [name for name, _ in draft.repeated] == (["log"] if once else [])


def test_what_a_source_gives_otherwise_stands_behind_all_that_others_state() -> None:
    place = ("setup", "framework")
    module = Imported("module", "a module", otherwise=(Found(place, "PyTorch 2.8", "module"),))
    assert merge([module]).data == {"setup": {"framework": "PyTorch 2.8"}}
    draft = merge([module, _source("card", Found(place, "transformers", "README.md:3"))])
    assert draft.data == {"setup": {"framework": "transformers"}}
    assert not draft.conflicts
