"""Templates of the user's own: they win over ours, may build on ours, and their faults are named by file and line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factsheet.errors import TemplateFaultError
from factsheet.pages.assembly import build_page
from factsheet.pages.formats.markdown import render_markdown
from factsheet.pages.options import RenderOptions

if TYPE_CHECKING:
    from factsheet.sheet.model import SheetFields


ROOT = Path(__file__).parents[2]


def rendered(bert: SheetFields, folder: Path, template: str, name: str = "page.md.j2") -> str:
    (folder / "markdown").mkdir(exist_ok=True)
    (folder / "markdown" / name).write_text(template, encoding="utf-8")
    return render_markdown(build_page(bert, "business-expert"), RenderOptions(overrides=folder))


def test_a_template_of_the_users_wins(bert: SheetFields, tmp_path: Path) -> None:
    text = rendered(bert, tmp_path, "Our house style: {{ page.title }}, {{ page.identity.model }}\n")
    assert text == "Our house style: BERT-base on analog AI hardware, BERT-base\n"


def test_it_may_change_one_part_and_leave_the_rest(bert: SheetFields, tmp_path: Path) -> None:
    macros = '{% import "original/blocks.md.j2" as ours %}\n'
    names = ("blocks", "missing", "errata", "terms", "workings")
    arguments = {"blocks": "made, options"}
    for name in names:
        given = arguments.get(name, "rows")
        mark = ">> " if name == "terms" else ""
        macros += f"{{% macro {name}({given}) %}}{mark}{{{{ ours.{name}({given}) }}}}{{% endmacro %}}\n"
    text = rendered(bert, tmp_path, macros, "blocks.md.j2")
    assert "## What this sheet does not say" in text
    assert "\n>> " in text


def test_what_it_prints_is_escaped_like_ours(bert: SheetFields, tmp_path: Path) -> None:
    assert rendered(bert, tmp_path, "{{ page.view ~ '<script>|' }}") == "business-expert&lt;script>\\|\n"


@pytest.mark.parametrize(
    ("template", "line", "problem"),
    [
        ("fine\n{% if %}\n", 2, "Expected an expression"),
        ("fine\n\n{{ page.titel }}\n", 3, "has no attribute 'titel'"),
        ("{{ nothing }}\n", 1, "'nothing' is undefined"),
        ("a\n{{ 1 / 0 }}\n", 2, "ZeroDivisionError: division by zero"),
        ("{{ page.title | shout }}\n", 1, "No filter named 'shout'"),
        ("a\nb\n{{ page.__class__.__mro__ }}\n", 3, "access to attribute '__class__'"),
        ("{% include 'gone.md.j2' %}\n", 1, "gone.md.j2"),
    ],
)
def test_a_broken_template_is_named_with_its_line(
    bert: SheetFields, tmp_path: Path, template: str, line: int, problem: str
) -> None:
    with pytest.raises(TemplateFaultError) as caught:
        rendered(bert, tmp_path, template)
    assert (caught.value.file, caught.value.line) == (tmp_path / "markdown" / "page.md.j2", line)
    assert problem in caught.value.problem
    assert str(caught.value).startswith(f"{tmp_path / 'markdown' / 'page.md.j2'}:{line}: ")


def test_a_template_runs_in_a_sandbox(bert: SheetFields, tmp_path: Path) -> None:
    way_out = "{{ page.summary.paragraphs.__class__.__base__.__subclasses__() }}"
    with pytest.raises(TemplateFaultError, match="__class__"):
        rendered(bert, tmp_path, way_out)


def test_a_sheet_can_not_bring_a_template(bert: SheetFields) -> None:
    # What a sheet holds is printed, never run.
    page = build_page(bert, "full")
    assert "{{ 7 * 7 }}" not in render_markdown(page)
    changed = type(page)(**{**{name: getattr(page, name) for name in page.__slots__}, "title": "{{ 7 * 7 }}"})
    assert "# {{ 7 \\* 7 }}\n" in render_markdown(changed)


def test_the_example_of_the_documentation_works(bert: SheetFields, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "rendering.md").read_text("utf-8")
    example = text.split("```jinja\n", 1)[1].split("```", 1)[0]
    page = build_page(bert, "business-expert")
    written = rendered(bert, tmp_path, example)
    assert written.startswith(f"# {page.title}\n")
    assert all(f"\n## {section.title}\n" in written for section in page.sections)
