"""The documentation of every id: complete, its examples true, its pages those of today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from docstring_sheets import NOT_RUN, SETTINGS, sheet_of_snippet, sheet_of_text
from markdown_it import MarkdownIt

from factsheet.checks.documentation import (
    FAMILIES,
    SUPPRESSIONS,
    all_documented,
    document_of,
    index,
    parts_of,
)
from factsheet.checks.engine import check_document
from factsheet.checks.registry import RULES, SCHEMA_IDS
from factsheet.checks.rule_pages import explain, page, pages
from factsheet.checks.schema_samples import SAMPLES, schema_wording
from factsheet.checks.settings import DEFAULT_SETTINGS
from factsheet.checks.suppressions import SUPPRESSION_SLUGS
from factsheet.errors import UnknownRuleError
from factsheet.source.loader import load_bytes
from factsheet.source.problems import CODES

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "rules"
RUN = [rule.id for rule in RULES if rule.id not in NOT_RUN]


def found(sheet: str, rule_id: str = "") -> list[str]:
    loaded = load_bytes(sheet.encode(), "sheet.yaml")
    settings = SETTINGS.get(rule_id, DEFAULT_SETTINGS)
    return [item.rule_id for item in check_document(loaded, "sheet.yaml", settings).diagnostics]


@pytest.mark.parametrize("rule_id", RUN)
def test_what_a_rule_says_fails_does(rule_id: str) -> None:
    ids = found(sheet_of_snippet(document_of(rule_id).fails, rule_id), rule_id)
    assert rule_id in ids
    # A sheet that does not fit the schema would be found fault with for the wrong reason.
    assert not [other for other in ids if other.startswith("FS1")]


@pytest.mark.parametrize("rule_id", RUN)
def test_what_a_rule_says_passes_does(rule_id: str) -> None:
    ids = found(sheet_of_snippet(document_of(rule_id).passes, rule_id), rule_id)
    assert rule_id not in ids
    assert not [other for other in ids if other.startswith("FS1")]


@pytest.mark.parametrize("rule_id", sorted(NOT_RUN.keys() & {rule.id for rule in RULES}))
@pytest.mark.parametrize("part", ["fails", "passes"])
def test_what_is_not_run_is_a_sheet_at_least(rule_id: str, part: str) -> None:
    ids = found(sheet_of_snippet(getattr(document_of(rule_id), part), rule_id))
    assert not [other for other in ids if other.startswith("FS1")], NOT_RUN[rule_id]


@pytest.mark.parametrize("entry", SUPPRESSIONS, ids=lambda entry: entry.id)
def test_the_examples_of_suppressions_do_as_they_say(entry: object) -> None:
    documented = document_of(entry.id)  # type: ignore[attr-defined]
    assert documented.id in found(sheet_of_text(documented.fails))
    assert found(sheet_of_text(documented.passes)) == []


SHOWN = [code for code, sample in SAMPLES.items() if sample.fails]


@pytest.mark.parametrize("code", SHOWN)
def test_what_is_said_to_be_refused_is(code: str) -> None:
    loaded = load_bytes(sheet_of_text(SAMPLES[code].fails).encode(), "sheet.yaml")
    refused = [item for item in check_document(loaded, "sheet.yaml").diagnostics if item.slug == code]
    assert refused
    if SAMPLES[code].instead is None:
        wording = schema_wording(code)
        assert (refused[0].message, refused[0].why, refused[0].help) == (
            wording.message,
            wording.why,
            wording.help,
        )


@pytest.mark.parametrize("code", SHOWN)
def test_what_is_said_to_be_read_is_read_without_a_word(code: str) -> None:
    assert found(sheet_of_text(SAMPLES[code].passes)) == []


NOT_SHOWN = {
    "file-too-large": b"#" * (1024 * 1024 + 1),
    "wide-encoding": "factsheet: 1".encode("utf-16"),
    "not-utf-8": b"area: 3 \xb5m\n",
    "unusual-line-break": "a: one\u2028two\n".encode(),
    "stray-byte-order-mark": "a: one\ufefftwo\n".encode(),
    "too-many-nodes": b"[" + b"1," * 50_000 + b"1]",
    "too-deep": b"a: " + b"[" * 25 + b"]" * 25,
    "too-many-problems": b"- .nan\n" * 201,
    "scalar-too-long": b"a: " + b"x" * 20_001,
}


def test_every_refusal_is_either_shown_or_provoked_here() -> None:
    assert set(SHOWN) | set(NOT_SHOWN) == set(SCHEMA_IDS) == set(SAMPLES)


@pytest.mark.parametrize("code", NOT_SHOWN)
def test_the_words_of_what_can_not_be_shown_are_the_loaders(code: str) -> None:
    problems = [problem for problem in load_bytes(NOT_SHOWN[code], "x").problems if problem.code == code]
    wording = schema_wording(code)
    assert (problems[0].message, problems[0].why, problems[0].help) == (
        wording.message,
        wording.why,
        wording.help,
    )


def test_no_sentence_has_a_brace_left_to_fill() -> None:
    # The loader's own sentence about templates is the one about braces.
    open_braces = [code for code in CODES if "{" in "".join(schema_wording(code)) and code != "complex-key"]
    assert open_braces == []


def test_every_id_is_documented_once_and_in_order() -> None:
    ids = [entry.id for entry in all_documented()]
    assert ids == sorted({*SCHEMA_IDS.values(), *(rule.id for rule in RULES), *SUPPRESSION_SLUGS})
    assert {rule_id[:3] for rule_id in ids} <= set(FAMILIES)


def test_every_part_has_words() -> None:
    for entry in all_documented():
        assert entry.summary, entry.id
        assert entry.what, entry.id
        assert entry.why, entry.id
        assert entry.how, entry.id


@pytest.mark.parametrize("name", ["FS204", "fs204", "classes-on-regression", " FS204 "])
def test_a_rule_is_known_by_its_id_and_by_its_slug(name: str) -> None:
    assert document_of(name).id == "FS204"


@pytest.mark.parametrize(
    ("name", "close"),
    [
        ("clases-on-regresion", "classes-on-regression"),
        ("FS20 4", "FS204"),
        ("duplicate-keys", "duplicate-key"),
    ],
)
def test_an_unknown_name_is_answered_with_those_that_look_like_it(name: str, close: str) -> None:
    with pytest.raises(UnknownRuleError) as caught:
        explain(name)
    assert f"`{name}`" in caught.value.message
    assert close in caught.value.candidates
    assert f"`{close}`" in str(caught.value)


def test_a_name_like_no_other_gets_no_suggestion() -> None:
    with pytest.raises(UnknownRuleError, match=r"^no rule is called `zzz`$"):
        document_of("zzz")


def test_the_explanation_shows_every_part_and_fits_a_terminal() -> None:
    for rule_id, slug, _ in index():
        text = explain(rule_id)
        entry = document_of(rule_id)
        assert text.startswith(f"{rule_id} {slug}\n")
        assert entry.how.split()[-1] in text
        prose = text.split("\nFails:\n")[0] + text.split("\nHow to fix:\n")[1]
        assert max(map(len, prose.splitlines())) <= 88, rule_id
        for line in entry.fails.splitlines():
            assert f"  {line}".rstrip() in text


def test_a_page_shows_the_snippets_as_code() -> None:
    for rule_id, _, _ in index():
        entry = document_of(rule_id)
        tokens = MarkdownIt().parse(page(rule_id))
        code = [token.content.rstrip("\n") for token in tokens if token.type == "fence"]
        assert code == [snippet for snippet in (entry.fails, entry.passes) if snippet]
        headings = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
        assert headings[0] == f"{rule_id}: {entry.slug}"
        assert headings[-1] == "How to fix"


def test_the_index_has_a_row_of_four_cells_for_every_id() -> None:
    tokens = MarkdownIt().enable("table").parse(pages()["README.md"])
    cells = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "td_open"]
    rows = [cells[at : at + 4] for at in range(0, len(cells), 4)]
    assert [row[0] for row in rows] == [f"[{rule_id}]({rule_id}.md)" for rule_id, _, _ in index()]
    assert [row[1] for row in rows] == [slug for _, slug, _ in index()]


def test_the_pages_in_the_repository_are_those_of_today() -> None:
    stale = [
        name
        for name, text in pages().items()
        if not (PAGES / name).is_file() or (PAGES / name).read_text(encoding="utf-8") != text
    ]
    assert not stale, "write them anew: python -m factsheet.checks.rule_pages docs/rules"


def test_the_command_writes_every_page_and_leaves_the_rest(tmp_path: Path) -> None:
    retired = tmp_path / "rules" / "FS299.md"
    retired.parent.mkdir()
    retired.write_text("# FS299: retired\n", encoding="utf-8")
    command = [sys.executable, "-m", "factsheet.checks.rule_pages", str(retired.parent)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    written = {file.name: file.read_text(encoding="utf-8") for file in retired.parent.iterdir()}
    assert written.pop("FS299.md") == "# FS299: retired\n"
    assert written == pages()


@pytest.mark.parametrize(
    "docstring",
    [
        "Summary.\n\nWhat it does: a\n\nWhy it matters: b\n\nFails:\n    c\n\nHow to fix: d",
        "Summary.\n\nWhy it matters: b\n\nWhat it does: a\n\nFails:\n    c\n\nPasses:\n    d\n\nHow to fix: e",
        "Summary.",
    ],
)
def test_a_docstring_without_one_of_its_parts_is_refused(docstring: str) -> None:
    with pytest.raises(ValueError, match="expected the headings"):
        parts_of(docstring)


def test_a_docstring_is_taken_apart() -> None:
    text = (
        "One\nsentence.\n\nWhat it does: compares\nthings.\n\nWhy it matters: it does.\n\nFails:\n    a:\n      b: 1\n"
        "\nPasses:\n    a: 2\n\nHow to fix: fix it.\n\nOr do not.\n"
    )
    assert parts_of(text) == {
        "Summary": "One sentence.",
        "What it does": "compares things.",
        "Why it matters": "it does.",
        "Fails": "a:\n  b: 1",
        "Passes": "a: 2",
        "How to fix": "fix it.\n\nOr do not.",
    }
