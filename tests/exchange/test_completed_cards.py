"""A card that exists is completed: keys of the sheet are added or updated, and what a person wrote stays as it is."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from huggingface_hub import ModelCard

import factsheet
from factsheet.cli import run as cli
from factsheet.errors import UsageError
from factsheet.reports.output_kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
SHEETS = sorted(file for file in (ROOT / "sheets").rglob("*.yaml") if not file.name.endswith(".review.yaml"))
SHEET = """\
factsheet: 1
overview: {name: A sheet, model: tiny, licence: Apache-2.0, languages: [en, de]}
setup: {framework: transformers}
purpose: {task_ids: [text-classification]}
training_data: {name: GLUE, source: https://huggingface.co/datasets/nyu-mll/glue}
performance:
  results:
    - name: GLUE
      systems: [{id: a, name: Arrays}]
      tasks:
        - {task: SST-2, metric: accuracy, evaluation: {dataset: nyu-mll/glue}, scores: {a: 90.50 %}}
        - {task: MRPC, metric: accuracy, evaluation: {dataset: other/data}, scores: {a: 80.25 %}}
"""
CARD = """\
---
# Reviewed by the whole team.
license: mit   # decided on Monday
language: de
tags:
- mine  # keep
- analog-ai
pipeline_tag: fill-mask
model-index:
- name: tiny
  results:
  - task: {type: text-classification}
    dataset: {type: nyu-mll/glue, name: SST-2}
    metrics:
    - {type: accuracy, value: 0.7}
widget: [{text: hello}]
---
# My card

Words of mine.\t

```sh
# no heading
```
"""


def completed(card: str, sheet: str = SHEET) -> str:
    (file,) = factsheet.loads(sheet).export("model-card", into=card).files
    return file.content.decode()


def front_of(card: str) -> dict[str, object]:
    data: dict[str, object] = yaml.safe_load(card.split("---\n")[1])
    return data


def results_of(card: str) -> list[Any]:
    data: Any = ModelCard(card).data  # its fields are attributes that the class does not declare
    results: list[Any] = data.eval_results
    return results


def without_ours(card: str) -> str:
    return re.sub(r"\n<!-- factsheet:begin.*<!-- factsheet:end -->\n", "", card, flags=re.DOTALL)


def added_lines(before: str, after: str) -> Iterator[str]:
    """Yield the lines of a text that another has not; each line of the other has to be in it, in order."""
    rest = iter(after.split("\n"))
    for line in before.split("\n"):
        for other in rest:
            if other == line:
                break
            yield other
        else:
            raise AssertionError(line)
    yield from rest


def test_what_a_person_wrote_stays_byte_for_byte_and_the_rest_is_added() -> None:
    made = completed(CARD)
    front = front_of(made)
    assert (front["license"], front["pipeline_tag"]) == ("mit", "fill-mask")
    assert front["language"] == ["de", "en"]
    assert front["tags"] == ["mine", "analog-ai", "factsheet"]
    assert (front["library_name"], front["model_name"]) == ("transformers", "tiny")
    assert front["datasets"] == ["nyu-mll/glue"]
    found = {one.dataset_type: one.metric_value for one in results_of(made)}
    assert found == {"nyu-mll/glue": 0.7, "other/data": 0.8025}
    # One line alone is changed: a language becomes a list of two.
    list(added_lines(CARD.replace("language: de\n", ""), made))
    assert without_ours(made).endswith(CARD.split("---\n")[2])
    assert "\n## A sheet\n" in made
    assert "\n# A sheet\n" not in made


def test_what_stays_is_said_and_the_answer_counts_as_less_exact() -> None:
    made = factsheet.loads(SHEET).export("model-card", into=CARD)
    assert [(one.path, one.there, one.ours) for one in made.kept] == [
        (("license",), "mit", "apache-2.0"),
        (("pipeline_tag",), "fill-mask", "text-classification"),
        (("model-index", 0, "SST-2", "accuracy"), 0.7, 0.905),
    ]
    lost = {one.path: one.reason for one in made.approximated}
    for path in (("overview", "licence"), ("purpose", "task_ids")):
        assert lost[path].startswith("the card says otherwise")
    assert lost["performance", "results", 0, "tasks", 0, "scores", "a"].startswith("the card says otherwise")
    assert ("setup", "framework") not in lost


@pytest.mark.parametrize("lines", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_second_time_nothing_changes(mark: str, lines: str) -> None:
    card = mark + CARD.replace("\n", lines)
    once = completed(card)
    assert completed(once) == once
    assert once.startswith(f"{mark}---{lines}# Reviewed")
    assert ("\r\n" in once) == ("\r" in once) == (lines == "\r\n")
    assert not re.search(r"[^\r]\n", once) or lines == "\n"


def test_what_the_sheet_said_before_is_updated_and_what_was_changed_by_hand_is_not() -> None:
    once = completed(CARD.replace("license: mit   # decided on Monday\n", ""))
    assert front_of(once)["license"] == "apache-2.0"
    edited = once.replace("library_name: transformers", "library_name: timm")
    changed = (
        SHEET.replace("Apache-2.0", "MIT")
        .replace("framework: transformers", "framework: flax")
        .replace("[en, de]", "[fr]")
        .replace("80.25 %", "81.00 %")
    )
    twice = completed(edited, changed)
    front = front_of(twice)
    assert (front["license"], front["library_name"]) == ("mit", "timm")
    assert front["language"] == ["de", "fr"]
    found = {one.dataset_type: one.metric_value for one in results_of(twice)}
    assert found == {"nyu-mll/glue": 0.7, "other/data": 0.81}
    bare = "factsheet: 1\noverview: {name: A sheet, model: tiny}\n"
    last = front_of(completed(twice, bare))
    assert "license" not in last
    assert "datasets" not in last
    assert last["library_name"] == "timm"
    assert last["language"] == ["de"]
    assert len(results_of(completed(twice, bare))) == 1


@pytest.mark.parametrize(
    "card", ["Words.\n", "# Title\n\nWords.", "---\n---\nWords.\n", "---\n\nA rule above.\n"]
)
def test_a_card_without_front_matter_gets_one(card: str) -> None:
    made = completed(card)
    assert front_of(made)["license"] == "apache-2.0"
    assert card.removeprefix("---\n---\n") in made
    assert completed(made) == made


@pytest.mark.parametrize("file", SHEETS, ids=lambda file: file.stem)
def test_a_card_of_our_own_is_completed_to_itself(file: Path) -> None:
    sheet = factsheet.load(file)
    (fresh,) = sheet.export("model-card").files
    assert kind_of(fresh.content) == "a model card"
    (again,) = sheet.export("model-card", into=fresh.text).files
    assert again.content == fresh.content
    (other,) = sheet.export("model-card", into=CARD).files
    assert kind_of(other.content) is None  # what people wrote is replaced with --force alone
    (once_more,) = sheet.export("model-card", into=other.text).files
    assert once_more.content == other.content


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ("---\na: 1\na: 2\n---\n", "cannot be edited"),
        ("---\n- a\n---\n", "cannot be edited"),
        ("---\na: [1\n---\n", "cannot be edited"),
        ("<!-- factsheet:begin -->\n", "1 `<!-- factsheet:begin -->` and 0"),
        ("<!-- factsheet:end -->\n<!-- factsheet:begin -->\n", "1 `<!-- factsheet:begin -->` and 1"),
        ("<!-- factsheet:begin -->\n<!-- factsheet:end -->\n" * 2, "2 `<!-- factsheet:begin -->` and 2"),
    ],
)
def test_a_card_in_which_it_is_not_clear_where_to_write_is_refused(card: str, said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        completed(card)


@pytest.mark.parametrize(
    "front",
    [
        "model-index: 3",
        "model-index: [3, 4]",
        "model-index: [{name: x}, {name: y}]",
        "model-index: [{name: tiny, results: no}]",
        "model-index: [{name: tiny, results: [3, {dataset: x, metrics: y}]}]",
        "tags: {a: b}",
        "tags:\n",
        "language: no",
        "license: [mit, apache-2.0]",
        "license: other\nlicense_name: mine\nlicense_link: LICENSE",
        "{license: mit, tags: [a]}",
        "datasets: [2024-01-01, 3, null]",
    ],
)
def test_front_matter_of_any_shape_is_completed_or_refused_and_stays_what_it_was(front: str) -> None:
    card = f"---\n{front}\n---\n# T\n"
    try:
        made = completed(card)
    except UsageError as error:
        assert error.help  # noqa: PT017  either outcome is right
        return
    before, after = front_of(card), front_of(made)
    for key, value in before.items():
        if isinstance(value, list) and key != "model-index":
            assert [one for one in after[key] if one in value] == value  # type: ignore[attr-defined]
        elif value is not None and not isinstance(value, list | str | bool):
            assert after[key] == value or key == "tags"
        elif key.startswith("license"):
            assert after[key] == value
    assert completed(made) == made


def test_words_of_a_sheet_are_none_of_the_comments_between_which_it_is() -> None:
    sheet = SHEET.replace("name: A sheet,", 'name: A sheet, summary: "a\\n\\n<!-- factsheet:end -->\\n\\nb",')
    once = completed("# T\n", sheet)
    assert completed(once, sheet) == once
    assert once.count("\n<!-- factsheet:end -->") == 1


def test_the_command_completes_a_file_and_says_what_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("s.yaml").write_text(SHEET, encoding="utf-8")
    Path("README.md").write_text(CARD, encoding="utf-8")
    assert cli.run(["export", "s.yaml", "--to", "model-card", "-o", "README.md"]) == 2
    assert Path("README.md").read_text(encoding="utf-8") == CARD
    capsys.readouterr()
    assert cli.run(["export", "s.yaml", "--to", "model-card", "--into", "README.md"]) == 0
    said = capsys.readouterr().out.split("\n")
    assert said[:4] == [
        "README.md: written as model-card",
        "what somebody wrote there stays, and differs from the sheet:",
        "  license: mit stays; the sheet has apache-2.0",
        "  pipeline_tag: fill-mask stays; the sheet has text-classification",
    ]
    made = Path("README.md").read_bytes()
    assert made.decode() == completed(CARD)
    there = Path("README.md").stat()
    assert cli.run(["export", "s.yaml", "--to", "model-card", "--into", "README.md", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["kept"][0] == {
        "path": "license",
        "there": "mit",
        "sheet": "apache-2.0",
    }
    assert Path("README.md").stat().st_mtime_ns == there.st_mtime_ns  # nothing to write, nothing written
    Path("big.md").write_text("a" * (1024 * 1024 + 1), encoding="utf-8")
    assert cli.run(["export", "s.yaml", "--to", "model-card", "--into", "big.md"]) == 2
    assert "larger than 1 MiB" in capsys.readouterr().err


def test_the_page_in_a_card_is_not_read_as_a_card(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "README.md").write_bytes(
        factsheet.load(ROOT / "sheets" / "bert.yaml").export("model-card").files[0].content
    )
    assert cli.run(["new", "--from", str(tmp_path / "README.md"), "-o", str(tmp_path / "s.yaml")]) == 0
    assert "the page of a sheet, put in by `factsheet export`" in capsys.readouterr().err
    begun = factsheet.load(tmp_path / "s.yaml")
    # The page says why there is no version; read as a card's words, that would be a version.
    assert begun.overview.version is None
    assert begun.overview.summary is None


@pytest.mark.parametrize("named", ["s.yaml", "other.yaml", "linked.md", "hard.md", "/dev/null", "pipe"])
def test_what_is_no_card_is_not_made_into_one(
    named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("s.yaml", "other.yaml"):
        Path(name).write_text(SHEET, encoding="utf-8")
    Path("linked.md").symlink_to("s.yaml")
    Path("hard.md").hardlink_to("s.yaml")
    os.mkfifo("pipe")
    assert cli.run(["export", "s.yaml", "--to", "model-card", "--into", named]) == 2
    assert f"--into {named}" in capsys.readouterr().err
    for name in ("s.yaml", "other.yaml"):
        assert Path(name).read_text(encoding="utf-8") == SHEET
