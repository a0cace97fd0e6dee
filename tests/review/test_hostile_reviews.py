"""Files of reviews that nobody means well with: refused with their place, or shown as the text that they are."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

import pytest

from factsheet.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path

GOOD = {
    "review": 1,
    "rounds": [
        {
            "of": {"version": "V"},
            "reviews": [
                {"by": "Ann", "role": "ai-engineer", "scores": {"overview": {"completeness": "low"}}}
            ],
        }
    ],
}
REVIEW = json.dumps(GOOD)
COMMANDS = [
    ["review", "summary", "small.yaml"],
    ["review", "summary", "small.yaml", "--table"],
    ["review", "summary", "small.yaml", "--format", "markdown"],
    ["review", "summary", "small.yaml", "--table", "--format", "markdown"],
    ["review", "summary", "small.yaml", "--format", "json"],
    ["todo", "small.yaml"],
    ["todo", "small.yaml", "--format", "markdown"],
    ["status", "small.yaml"],
    ["status", "small.yaml", "--format", "markdown"],
    ["render", "small.yaml", "--role", "ai-engineer"],
]

REFUSED = {
    "role": (
        REVIEW.replace("ai-engineer", "ai-enginer"),
        "there is no role `ai-enginer`",
        "did you mean `ai-engineer`",
    ),
    "fact": (
        REVIEW.replace("overview", "overvew"),
        "the sheet has no field `overvew`",
        "did you mean `overview`",
    ),
    "path": (REVIEW.replace("overview", "../overview"), "does not have the form", ""),
    "grade": (REVIEW.replace("low", "Low"), "is not one of the words", "'low', 'medium' or 'high'"),
    "no version": (
        REVIEW.replace('{"version": "V"}', "{}"),
        "it names no version of the sheet",
        "keep the `digest`",
    ),
    "digest": (
        REVIEW.replace('{"version": "V"}', '{"digest": "sha256:1"}'),
        "does not have the form",
        "sha256",
    ),
    "dimension": (
        REVIEW.replace("completeness", "completness"),
        "`completness` is not a key",
        "did you mean",
    ),
    "nobody": (REVIEW.replace('"Ann"', "null"), "has no `by`", "add `by: P7`"),
    "empty name": (REVIEW.replace('"Ann"', '""'), "has no `by`", "add `by: P7`"),
    "blank name": (REVIEW.replace('"Ann"', '"  "'), "has no `by`", "add `by: P7`"),
    "version of the form": (
        REVIEW.replace('"review": 1', '"review": 2'),
        "is not one of the words",
        "write 1",
    ),
    "a list": ("- a\n- b\n", "a list", ""),
    "nothing": ("", "empty", "review: 1"),
    "alias": ("review: &a 1\nrounds: [*a]\n", "alias", ""),
    "twice": ("review: 1\nreview: 1\nrounds: []\n", "twice", ""),
    "tag": ("review: !!python/object/apply:os.system ['x']\nrounds: []\n", "tag", ""),
    "escape": (REVIEW.replace("Ann", "\\u001b[31m"), "U+001B", ""),
    "deep": ("review: " + "[" * 5000, "", ""),
    "large": ("review: 1\nrounds: []\n#" + "x" * 20_000_000, "larger than", ""),
    "many": (
        REVIEW.replace('"reviews": [', '"reviews": [' + '{"by": "A", "role": "b", "scores": {}}, ' * 300),
        "too long",
        "",
    ),
    "same person": (
        json.dumps({**GOOD, "rounds": [{**GOOD["rounds"][0], "reviews": GOOD["rounds"][0]["reviews"] * 2}]}),  # type: ignore[index]
        "`Ann` has two reviews in one round in the same role",
        "keep the later one",
    ),
    "same version": (
        json.dumps({"review": 1, "rounds": [{"of": {"digest": f"sha256:{'0' * 64}"}, "reviews": []}] * 2}),
        "two rounds are of the same version",
        "into round 1",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_review_is_refused_where_it_is(
    sheet: Path, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    text, message, help_ = REFUSED[case]
    sheet.with_name("small.review.yaml").write_text(text, encoding="utf-8")

    assert run(COMMANDS[0]) == 1
    error = capsys.readouterr().err
    assert error.startswith("small.review.yaml:")
    assert message in error
    assert help_ in error


def test_a_review_that_cannot_be_read_keeps_nobody_from_the_sheet(
    sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet.with_name("small.review.yaml").write_text(REFUSED["role"][0], encoding="utf-8")
    for command in (COMMANDS[5], COMMANDS[7], COMMANDS[9]):
        assert run(command) == 0
        error = capsys.readouterr().err
        assert "there is no role `ai-enginer`" in error
        assert "small.review.yaml: reviews are left out" in error


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_names_and_comments_are_texts(
    sheet: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    hostile = "<script>alert(1)</script>\n::error::x\u202e|`a`](javascript:b)"
    data = json.loads(REVIEW)
    (review,) = data["rounds"][0]["reviews"]
    review |= {"by": hostile, "comment": hostile}
    review["scores"]["overview"]["comment"] = hostile * 100
    data["rounds"][0] |= {"note": hostile, "titles": {"overview": hostile}, "of": {"version": hostile}}
    sheet.with_name("small.review.yaml").write_text(json.dumps(data), encoding="utf-8")

    assert run(command) == 0
    out, error = capsys.readouterr()
    assert "alert(1)" in out
    assert error == ""
    assert "\u202e" not in out
    assert "\n::error::" not in out
    if "markdown" in command or command[0] == "render":
        assert "<script>alert" not in out
        assert re.search(r"(?<!\\)\]\(javascript:", out) is None
        assert re.search(r"(?<!\\)`a", out) is None


@pytest.mark.parametrize("command", COMMANDS[:1] + COMMANDS[5:6], ids=" ".join)
def test_links_pipes_and_folders_are_not_read(
    sheet: Path,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    secret = tmp_path_factory.mktemp("outside") / "secret.yaml"
    secret.write_text("password: opensesame\n", encoding="utf-8")
    file = sheet.with_name("small.review.yaml")
    reads = command[0] == "review"

    file.symlink_to(secret)
    assert run(command) == (2 if reads else 0)
    out, error = capsys.readouterr()
    assert "opensesame" not in out + error
    assert "a link leads out of the working directory" in error
    file.unlink()
    for make in (os.mkfifo, os.mkdir):
        make(file)
        # Nothing is waited for.
        assert run(command) == (2 if reads else 0)
        assert ("it is no file" in capsys.readouterr().err) is reads
        file.unlink() if make is os.mkfifo else file.rmdir()


def test_what_is_added_to_is_never_half_written(sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # One of two forms does not fit: neither is added.
    good, bad = sheet.with_name("good.yaml"), sheet.with_name("bad.yaml")
    good.write_text(REVIEW, encoding="utf-8")
    bad.write_text(REVIEW.replace("Ann", "Ben").replace("low", "lowest"), encoding="utf-8")
    assert run(["review", "add", "small.yaml", "good.yaml", "bad.yaml"]) == 1
    assert not sheet.with_name("small.review.yaml").exists()
    bad.write_text(bad.read_text(encoding="utf-8").replace("lowest", "low"), encoding="utf-8")
    assert run(["review", "add", "small.yaml", "good.yaml", "bad.yaml"]) == 0

    # A file that others have laid out in their own way, with other ends of lines and a byte-order mark.
    file = sheet.with_name("small.review.yaml")
    before = b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n").replace(
        b"review: 1", b"review: 1  # why"
    )
    file.write_bytes(before)
    third = sheet.with_name("third.yaml")
    third.write_text(REVIEW.replace("Ann", "Cleo"), encoding="utf-8")
    assert run(["review", "add", "small.yaml", "third.yaml"]) == 0
    assert file.read_bytes().startswith(before)
    capsys.readouterr()
    assert run(["review", "summary", "small.yaml", "--format", "json"]) == 0
    assert [who["by"] for who in json.loads(capsys.readouterr().out)["rounds"][0]["reviewers"]] == [
        "Ann",
        "Ben",
        "Cleo",
    ]
    assert run(["review", "add", "small.yaml", str(file)]) == 2
    assert "it is the file that reviews are added to" in capsys.readouterr().err
