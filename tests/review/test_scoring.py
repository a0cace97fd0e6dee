"""Reviews at a terminal and by forms: what is asked, what is saved, and what of it is of the sheet as it is."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

import yaml

from factsheet.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

FACTS = ["overview", "training_data", "test_data"]


def saved(sheet: Path) -> Any:
    # Another reader of YAML than ours.
    return yaml.safe_load(sheet.with_name("small.review.yaml").read_text(encoding="utf-8"))


def answer(monkeypatch: pytest.MonkeyPatch, lines: str, *options: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    return run(["review", "score", "small.yaml", "--plain", *options])


def summary(capsys: pytest.CaptureFixture[str], *options: str) -> Any:
    capsys.readouterr()
    assert run(["review", "summary", "small.yaml", "--format", "json", *options]) == 0
    return json.loads(capsys.readouterr().out)


def test_each_grade_is_saved_before_the_next_fact(
    sheet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # The stream ends in the middle: what was said is there, and the next call asks for the rest.
    assert answer(monkeypatch, "quit\n") == 0
    assert not sheet.with_name("small.review.yaml").exists()
    assert answer(monkeypatch, "Ann\nnobody\nai-engineer\nhhxh\nh h m l\nSay: which # letters\n") == 0
    out = capsys.readouterr().out
    assert "there is no role `nobody`" in out
    assert "`hhxh` is no grade" in out
    (round_,) = saved(sheet)["rounds"]
    (review,) = round_["reviews"]
    assert (review["by"], review["role"]) == ("Ann", "ai-engineer")
    assert review["scores"] == {
        "overview": {
            "understandability": "high",
            "relevance": "high",
            "presentability": "medium",
            "completeness": "low",
            "comment": "Say: which # letters",
        }
    }
    assert sorted(round_["of"]["facts"]) == sorted(FACTS)

    again = "back\n-\nnone none low -\nquit\n"
    assert answer(monkeypatch, again, "--by", "Ann", "--role", "ai-engineer") == 0
    out = capsys.readouterr().out
    assert "You have graded 1 facts of this version; 2 are left." in out
    assert "no grade at all" in out
    scores = saved(sheet)["rounds"][0]["reviews"][0]["scores"]
    assert scores["training_data"] == {"presentability": "low"}
    assert "1 fact graded and saved in small.review.yaml; 1 left" in out


def test_somebody_elses_review_stays_as_it_is(sheet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "h\n", "--by", "Ann", "--role", "ai-engineer")
    file = sheet.with_name("small.review.yaml")
    file.write_text(
        file.read_text(encoding="utf-8").replace("by: Ann", "by: Ann  # in person"), encoding="utf-8"
    )
    before = file.read_text(encoding="utf-8")
    answer(monkeypatch, "l\nAll of it.\n\n\nGood as a whole.\n", "--by", "Ben", "--role", "data-scientist")

    after = file.read_text(encoding="utf-8")
    assert after.startswith(before)
    assert [one["by"] for one in saved(sheet)["rounds"][0]["reviews"]] == ["Ann", "Ben"]
    assert saved(sheet)["rounds"][0]["reviews"][1]["comment"] == "Good as a whole."


def test_a_form_in_yaml_comes_back(sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", "form", "small.yaml", "--role", "ai-engineer", "-o", "form.yaml"]) == 0
    form = sheet.with_name("form.yaml")
    text = form.read_text(encoding="utf-8")
    # Before it is filled in, nothing is added, and what is missing is said with its line.
    assert run(["review", "add", "small.yaml", "form.yaml"]) == 1
    assert re.search(r"form\.yaml:\d+:\d+: .*has no `by`", capsys.readouterr().err)
    text = text.replace("- by:", "- by: Cleo")
    form.write_text(text, encoding="utf-8")
    assert run(["review", "add", "small.yaml", "form.yaml"]) == 2
    assert "`Cleo` has given no grade and no comment" in capsys.readouterr().err
    assert not sheet.with_name("small.review.yaml").exists()

    form.write_text(text.replace("completeness:\n", "completeness: low\n"), encoding="utf-8")
    assert run(["review", "add", "small.yaml", "form.yaml"]) == 0
    assert capsys.readouterr().out == "added: Cleo, AI engineer, 3 facts, of the sheet as it is\n"
    assert saved(sheet)["rounds"][0]["reviews"][0]["scores"] == {
        fact: {"completeness": "low"} for fact in FACTS
    }

    assert run(["review", "add", "small.yaml", "form.yaml"]) == 2
    assert "has reviewed this version as ai-engineer already" in capsys.readouterr().err
    form.write_text(text.replace("completeness:\n", "completeness: high\n"), encoding="utf-8")
    assert run(["review", "add", "small.yaml", "form.yaml", "--replace"]) == 0
    assert len(saved(sheet)["rounds"][0]["reviews"]) == 1


def test_a_form_of_another_sheet_is_refused(sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = sheet.with_name("other.yaml")
    other.write_text(sheet.read_text(encoding="utf-8").replace("letters", "digits"), encoding="utf-8")
    run(["review", "form", "other.yaml", "--role", "ai-engineer", "-o", "form.yaml"])
    form = sheet.with_name("form.yaml")
    text = (
        form.read_text(encoding="utf-8")
        .replace("- by:", "- by: Cleo")
        .replace("relevance:\n", "relevance: low\n")
    )
    form.write_text(text, encoding="utf-8")

    assert run(["review", "add", "small.yaml", "form.yaml"]) == 2
    assert "it is a review of `other.yaml`, and this sheet is `small.yaml`" in capsys.readouterr().err


def test_what_changed_since_is_said(
    sheet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, "h h h l\n\nm\n\nh\n\n", "--by", "Ann", "--role", "ai-engineer")
    assert summary(capsys)["rounds"][0]["version"]["is"] == "this"

    # Comments and layout are no change.
    text = sheet.read_text(encoding="utf-8")
    sheet.write_text("# Anew.\n" + text.replace("{name: Letters}", "\n  name:   Letters"), encoding="utf-8")
    assert summary(capsys)["rounds"][0]["version"]["is"] == "this"

    changed = text.replace("{not_disclosed: Nobody wrote it down.}", "80 % and 20 %, at random")
    sheet.write_text(changed + "\nlimitations: {summary: It knows no words.}\n", encoding="utf-8")
    data = summary(capsys)
    version = data["rounds"][0]["version"]
    assert (version["is"], version["changed_since"]) == ("older", ["training_data"])
    assert version["new_since"] == ["limitations"]
    since = {(one["fact"], one["dimension"]): one["changed_since"] for one in data["improve_first"]}
    assert since["overview", "completeness"] is False
    assert since["training_data", "completeness"] is True

    # A second round, of the sheet as it is now: Ann sees what became better, Ben was not there before.
    answer(monkeypatch, "h h h m\n\nh\nh\nh\n\n", "--by", "Ann", "--role", "ai-engineer")
    answer(monkeypatch, "l\n\nquit\n", "--by", "Ben", "--role", "ai-engineer")
    change = summary(capsys)["change"]
    assert (change["from"], change["to"]) == (1, 2)
    assert (change["in_both"], change["only_after"], change["only_before"]) == (["Ann"], ["Ben"], [])
    moved = {(one["fact"], one["dimension"]): one for one in change["moved"]}
    assert moved["overview", "completeness"]["higher_from"] == ["Ann"]
    # Ben's low is none of a change: he has not reviewed before.
    assert moved["overview", "completeness"]["after"] == {"low": 0, "medium": 1, "high": 0}
    assert ("overview", "relevance") not in moved
    assert ("limitations", "relevance") not in moved
    assert change["not_compared"] == 4

    assert run(["review", "summary", "small.yaml"]) == 0
    out = capsys.readouterr().out
    assert "Change from round 1 to round 2:" in out
    assert "Overview, completeness: 1 low of 1 → 1 medium of 1 (higher from Ann)" in out
    assert run(["review", "summary", "small.yaml", "--round", "1"]) == 0
    out = capsys.readouterr().out
    assert "of an older version of the sheet. Changed since: Training data; new since: limitations." in out


def test_every_comment_is_shown_once(sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scores = {
        "overview": {"completeness": "low", "relevance": "medium", "comment": "First."},
        "training_data": {"completeness": "high", "comment": "Second."},
        "test_data": {"comment": "Third."},
    }
    review = {"by": "Ann", "role": "ai-engineer", "scores": scores, "comment": "Fourth."}
    rounds = [{"of": {"version": "V"}, "reviews": [review]}]
    text = json.dumps({"review": 1, "rounds": rounds})
    sheet.with_name("small.review.yaml").write_text(text, encoding="utf-8")

    for options in ([], ["--format", "markdown"]):
        assert run(["review", "summary", "small.yaml", *options]) == 0
        out = capsys.readouterr().out
        assert [out.count(word) for word in ("First.", "Second.", "Third.", "Fourth.")] == [1, 1, 1, 1]
    assert run(["todo", "small.yaml"]) == 0
    assert capsys.readouterr().out.count("First.") == 1


def test_roles_and_titles_are_those_of_the_template(
    sheet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet.write_text(
        "factsheet: 1\ntemplate: digital-accelerator\noverview: {name: B, model: M}\n"
        "accelerator: {device: NVIDIA A100, rated_power: 400 W}\n",
        encoding="utf-8",
    )
    # A role that the study does not have; and one of the study's that this template is not for.
    assert answer(monkeypatch, "\nh h h l\n\n", "--by", "Ann", "--role", "operations-engineer") == 0
    assert answer(monkeypatch, "", "--by", "Ann", "--role", "algorithm-designer") == 2
    assert "there is no role `algorithm-designer`" in capsys.readouterr().err
    data = summary(capsys)
    assert [(one["fact"], one["title"]) for one in data["improve_first"]] == [("accelerator", "Accelerator")]
    assert run(["status", "small.yaml", "--role", "operations-engineer"]) == 0
    assert "Reviewed by an operations engineer (Ann)" in capsys.readouterr().out


def test_the_command_goes_without_its_name(sheet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("h\n"))
    assert run(["review", "small.yaml", "--by", "Ann", "--role", "ai-engineer"]) == 0
    assert saved(sheet)["rounds"][0]["reviews"][0]["by"] == "Ann"
    assert run(["review", "nothing"]) == 2
    # Who names the reviews means their sheet.
    assert run(["review", "summary", "small.review.yaml"]) == 0
    assert run(["review", "summary", "other.review.yaml"]) == 2


def test_authors_roles_and_readers_are_told(
    sheet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, "h h h l\nWhich <b>letters</b>?\nquit\n", "--by", "Ann", "--role", "ai-engineer")
    capsys.readouterr()

    assert run(["todo", "small.yaml"]) == 0
    out = capsys.readouterr().out
    assert "Reviewers found short, the worst first (1). Of this sheet as it is." in out
    assert "  Overview (overview), completeness: low from Ann\n    Ann: Which <b>letters</b>?" in out
    assert run(["todo", "small.yaml", "--role", "data-scientist"]) == 0
    assert "Reviewers" not in capsys.readouterr().out
    assert run(["status", "small.yaml"]) == 0
    found = re.findall(r"  Reviewed by .*", capsys.readouterr().out)
    assert len(found) == 1
    assert found[0].startswith("  Reviewed by an AI engineer (Ann) on 20")
    assert found[0].endswith(
        ": completeness low for Overview; understandability, relevance, presentability high."
    )

    for role, named in (("ai-engineer", True), ("data-scientist", False), ("full", True)):
        assert run(["render", "small.yaml", "--role", role]) == 0
        page = capsys.readouterr().out
        assert ("Reviewed by an AI engineer (Ann) on " in page) is named
        assert ("Of this sheet as it is." in page) is named


def test_who_does_not_return_has_taken_nothing_back(
    sheet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ann, ben = (("--by", "Ann", "--role", "ai-engineer"), ("--by", "Ben", "--role", "data-scientist"))
    answer(monkeypatch, "h h h l\nSay which letters.\nl\n\nh\n\n", *ann)
    answer(monkeypatch, "h\nh\nh\n\n", *ben)
    text = sheet.read_text(encoding="utf-8")
    sheet.write_text(
        text.replace("{not_disclosed: Nobody wrote it down.}", "80 % and 20 %"), encoding="utf-8"
    )
    answer(monkeypatch, "h\nh\nh\n\n", *ben)

    data = summary(capsys)
    # What she said of the overview is what the sheet still says; of the training data it says something else now.
    wanted = [(one["fact"], one["dimension"], one["changed_since"]) for one in data["improve_first"]]
    assert wanted == [("overview", "completeness", False)]
    assert [(one["by"], one["round"]) for one in data["improve_first"][0]["grades"]] == [("Ann", 1)]
    assert data["standing"]["dimensions"]["completeness"] == {"low": 1, "medium": 0, "high": 4}
    assert data["not_counted"] == [
        {"round": 1, "because": "changed", "by": ["Ann"], "facts": ["training_data"]}
    ]
    # Only Ben reviewed both times, and all that he says is as it was.
    assert (data["change"]["in_both"], data["change"]["moved"]) == (["Ben"], [])

    for form in ("text", "markdown"):
        assert run(["review", "summary", "small.yaml", "--format", form]) == 0
        out = capsys.readouterr().out
        assert "Ann (AI engineer, 20" in out
        assert ", round 1)" in out
        assert "Say which letters." in out
        assert "Not counted of round 1: what Ann said of Training data;" in out
        assert "No grade of theirs changed." in out
    assert run(["todo", "small.yaml", "--role", "ai-engineer"]) == 0
    out = capsys.readouterr().out
    assert "completeness: low from Ann (round 1)\n" in out
    assert "Of this sheet as it is." not in out
    for command in (["status", "small.yaml"], ["render", "small.yaml", "--role", "ai-engineer"]):
        assert run(command) == 0
        out = capsys.readouterr().out
        held = r"Reviewed by an AI engineer \(Ann\) on [\d-]+, in round 1, of what has not changed since: completeness"
        assert re.search(held, out)

    # When she returns, what she says anew takes the place of it.
    answer(monkeypatch, "h\nquit\n", *ann)
    assert summary(capsys)["improve_first"] == []


def test_of_a_version_without_a_digest_nothing_is_held(
    sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def one(by: str) -> dict[str, Any]:
        return {"by": by, "role": "ai-engineer", "scores": {"overview": {"completeness": "low"}}}

    rounds = [
        {"of": {"version": version}, "reviews": [one(by)]} for version, by in (("V", "Ann"), ("W", "Ben"))
    ]
    text = json.dumps({"review": 1, "rounds": rounds})
    sheet.with_name("small.review.yaml").write_text(text, encoding="utf-8")
    data = summary(capsys)
    assert [one["by"] for one in data["improve_first"][0]["grades"]] == ["Ben"]
    assert [(one["because"], one["by"]) for one in data["not_counted"]] == [("not known", ["Ann"])]
    assert run(["review", "summary", "small.yaml"]) == 0
    out = capsys.readouterr().out
    assert "what Ann said of Overview; nobody can say what has changed since" in out
    assert "Nobody reviewed in both rounds" in out
    assert "No grade" not in out


def test_a_comment_in_a_form_may_hold_any_character(sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["review", "form", "small.yaml", "--role", "ai-engineer", "-o", "form.yaml"])
    form = sheet.with_name("form.yaml")
    said = 'Say: which # letters, "A: B" or `- c`'
    text = form.read_text(encoding="utf-8").replace("- by:", "- by: Cleo")
    filled = re.sub(r"( +)comment: \|-.*", rf"\g<0>\n\g<1>  {said}", text)
    assert filled.count(said) == len(FACTS) + 1
    form.write_text(filled, encoding="utf-8")
    assert run(["review", "add", "small.yaml", "form.yaml"]) == 0
    review = saved(sheet)["rounds"][0]["reviews"][0]
    assert [review["comment"], *(score["comment"] for score in review["scores"].values())] == [said] * 4

    # Who writes beside the key is told how.
    form.write_text(re.sub(r"comment: \|-.*", "comment: Say: which", text), encoding="utf-8")
    capsys.readouterr()
    assert run(["review", "add", "small.yaml", "form.yaml"]) == 1
    told = capsys.readouterr().err
    assert "There is a second `: ` on this line" in told
    assert "write `|` after the key and the text below it, indented" in told


def test_sheets_of_a_template_of_ones_own_are_reviewed(
    sheet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["template", "new", "lab-bench", "-o", "own.yaml"]) == 0
    sheet.write_text("factsheet: 1\ntemplate: lab-bench\noverview: {name: B, model: M}\n", encoding="utf-8")
    role = ["--by", "Ann", "--role", "data-scientist"]
    assert answer(monkeypatch, "l\n\n", *role, "--template", "own.yaml") == 0
    for command in (
        ["review", "summary", "small.yaml"],
        ["review", "form", "small.yaml"],
        ["todo", "small.yaml"],
    ):
        capsys.readouterr()
        assert run([*command, "--template", "own.yaml"]) == 0
        assert "About this sheet" in capsys.readouterr().out


def test_the_pages_of_a_catalogue_say_what_reviewers_said(
    sheet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def page() -> str:
        assert run(["catalog", "small.yaml", "-o", "site"]) == 0
        return (sheet.parent / "site" / "pages" / "small.html").read_text(encoding="utf-8")

    assert "Reviewed by" not in page()
    answer(monkeypatch, "h h h l\n\nquit\n", "--by", "Ann", "--role", "ai-engineer")
    assert "Reviewed by an AI engineer (Ann)" in page()
    capsys.readouterr()
    page()
    assert "1 page" not in capsys.readouterr().out  # nothing has changed
    sheet.with_name("small.review.yaml").unlink()
    assert "Reviewed by" not in page()
