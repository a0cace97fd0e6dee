"""`factsheet render`: which files it writes, in which form, and what it says where it can not."""

from __future__ import annotations

import hashlib
import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factsheet.cli import run as cli
from factsheet.cli.exits import screen, status_of
from factsheet.cli.render.render_command import RenderRequest, render
from factsheet.errors import FactsheetError
from factsheet.pages.rendering import FORMATS
from factsheet.readers.roles import VIEW_NAMES

if TYPE_CHECKING:
    from factsheet.pages.options import MarkdownFigures

BERT = Path(__file__).parents[2] / "sheets" / "bert.yaml"


def run(
    role: str = "full",
    *,
    form: str | None = None,
    output: Path | None = None,
    figures: MarkdownFigures = "mermaid",
    front_matter: bool = False,
) -> None:
    assert render(str(BERT), RenderRequest(role, form, output, figures, front_matter)) == 0


def test_each_view_gets_a_file_of_its_own(tmp_path: Path) -> None:
    run("all", output=tmp_path / "new" / "pages")
    files = sorted(file.name for file in (tmp_path / "new" / "pages").iterdir())
    assert files == sorted(f"bert-{view}.md" for view in VIEW_NAMES)
    for view in VIEW_NAMES:
        text = (tmp_path / "new" / "pages" / f"bert-{view}.md").read_text("utf-8")
        assert text.startswith("# BERT-base on analog AI hardware\n")
        assert ("*For the " in text) == (view != "full")


def test_the_ending_of_the_output_tells_the_format(tmp_path: Path) -> None:
    run("ai-engineer", output=tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text("utf-8").lower().startswith("<!doctype html>")
    run("ai-engineer", output=tmp_path / "page.txt")
    assert (tmp_path / "page.txt").read_text("utf-8").startswith("# ")


def test_an_ending_that_no_format_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FactsheetError, match=r"no format has the ending \.docx") as caught:
        run("ai-engineer", output=tmp_path / "page.docx")
    assert status_of(caught.value) == 2
    assert not list(tmp_path.iterdir())
    run("ai-engineer", form="html", output=tmp_path / "page.docx")
    assert (tmp_path / "page.docx").exists()


def test_a_directory_takes_the_usual_name(tmp_path: Path) -> None:
    run("data-scientist", output=tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["bert-data-scientist.md"]


def test_figures_as_files_lie_beside_the_page(tmp_path: Path) -> None:
    run("data-scientist", output=tmp_path / "page.md", figures="svg")
    text = (tmp_path / "page.md").read_text("utf-8")
    (named,) = re.findall(r"!\[.*\]\((page-figures/.*)\)", text)
    assert (tmp_path / named).read_text("utf-8").startswith("<svg ")


def test_figures_as_files_need_a_page_that_is_one() -> None:
    with pytest.raises(FactsheetError) as caught:
        run("data-scientist", figures="svg")
    assert "name it with --output" in screen(caught.value)


def test_front_matter_has_the_digest_that_sha256sum_gives(tmp_path: Path) -> None:
    run(output=tmp_path / "page.md", front_matter=True)
    digest = hashlib.sha256(BERT.read_bytes()).hexdigest()
    assert f'sheet: "sha256:{digest}"' in (tmp_path / "page.md").read_text("utf-8")


@pytest.mark.parametrize(("role", "form"), [("all", None), ("full", "all"), ("all", "all")])
def test_several_files_need_a_directory(role: str, form: str | None) -> None:
    with pytest.raises(FactsheetError) as caught:
        run(role, form=form)
    assert "name a directory for them with --output" in screen(caught.value)


def test_several_files_do_not_fit_into_one(tmp_path: Path) -> None:
    (tmp_path / "page").write_text("mine", encoding="utf-8")
    with pytest.raises(FactsheetError) as caught:
        run("all", output=tmp_path / "page")
    assert "this is no directory" in screen(caught.value)
    assert (tmp_path / "page").read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("role", "form", "said"),
    [
        ("data-scientst", None, "did you mean `data-scientist`?"),
        ("full", "htmk", "did you mean `html`?"),
        ("full", "docx", "the formats are md, html, pdf"),
    ],
)
def test_an_unknown_name_is_answered_with_the_known_ones(role: str, form: str | None, said: str) -> None:
    with pytest.raises(FactsheetError) as caught:
        run(role, form=form)
    assert said in screen(caught.value)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_pdf_is_not_written_to_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", Terminal())
    with pytest.raises(FactsheetError) as caught:
        run(form="pdf")
    assert "is not for a terminal\n  = help: name a file for it with --output" in screen(caught.value)


@pytest.mark.parametrize("looking", [True, False])
def test_progress_shows_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, looking: bool
) -> None:
    errors = Terminal() if looking else io.StringIO()
    monkeypatch.setattr("sys.stderr", errors)
    monkeypatch.setenv("TERM", "xterm")
    run("all", output=tmp_path)
    assert ("Writing pages" in errors.getvalue()) == looking
    assert len(list(tmp_path.iterdir())) == len(VIEW_NAMES)


def configure(folder: Path, templates: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "pyproject.toml").write_text(f'[tool.factsheet]\ntemplates = "{templates}"\n', encoding="utf-8")
    monkeypatch.chdir(folder)


def test_templates_of_the_repository_are_used_where_it_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "house" / "markdown").mkdir(parents=True)
    (tmp_path / "house" / "markdown" / "page.md.j2").write_text("Ours: {{ page.title }}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    run(output=tmp_path / "without.md")
    assert (tmp_path / "without.md").read_text("utf-8").startswith("# ")
    configure(tmp_path, "house", monkeypatch)
    run(output=tmp_path / "with.md")
    assert (tmp_path / "with.md").read_text("utf-8") == "Ours: BERT-base on analog AI hardware\n"
    asked = RenderRequest(
        "full", None, tmp_path / "no-config.md", "mermaid", front_matter=False, no_config=True
    )
    assert render(str(BERT), asked) == 0
    assert (tmp_path / "no-config.md").read_text("utf-8").startswith("# ")


def test_a_broken_template_ends_with_its_file_and_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "house" / "markdown").mkdir(parents=True)
    file = tmp_path / "house" / "markdown" / "page.md.j2"
    file.write_text("\n{{ page.titel }}\n", encoding="utf-8")
    configure(tmp_path, "house", monkeypatch)
    with pytest.raises(FactsheetError) as caught:
        run(output=tmp_path / "page.md")
    assert f"{file}:2: " in screen(caught.value)
    assert status_of(caught.value) == 2
    assert not (tmp_path / "page.md").exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"\xff\xfe", "this is not UTF-8"), (b'{% include "nowhere.j2" %}', "there is no template nowhere.j2")],
)
def test_a_template_that_can_not_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "house" / "markdown" / "page.md.j2"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    configure(tmp_path, "house", monkeypatch)
    with pytest.raises(FactsheetError) as caught:
        run(output=tmp_path / "page.md")
    assert screen(caught.value).startswith(f"factsheet: {file}:1: ")
    assert says in screen(caught.value)


def test_a_directory_of_templates_that_is_none_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    configure(tmp_path, "nowhere", monkeypatch)
    with pytest.raises(FactsheetError) as caught:
        run(output=tmp_path / "page.md")
    assert "there is no directory" in screen(caught.value)


def test_a_time_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(FactsheetError, match="SOURCE_DATE_EPOCH=yesterday is no whole number"):
        run(output=tmp_path / "page.md")


def test_every_format_has_an_ending_of_its_own() -> None:
    assert {name: form.suffix for name, form in FORMATS.items()} == {
        "md": ".md",
        "html": ".html",
        "pdf": ".pdf",
    }


def check(role: str, output: Path, sheet: Path = BERT) -> int:
    return render(str(sheet), RenderRequest(role, None, output, None, front_matter=False, check=True))


def test_pages_are_checked_without_being_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet, pages = tmp_path / "bert.yaml", tmp_path / "pages"
    sheet.write_bytes(BERT.read_bytes())
    assert check("all", pages, sheet) == 1
    assert "bert-hardware-researcher.md: it is not there" in capsys.readouterr().err
    assert not pages.exists()
    render(str(sheet), RenderRequest("all", None, pages, None, front_matter=False))
    assert check("all", pages, sheet) == 0
    assert capsys.readouterr().err == ""
    before = {file: file.read_bytes() for file in pages.rglob("*") if file.is_file()}
    # One more encoder block: other operations, other figures.
    sheet.write_text(BERT.read_text("utf-8").replace("layers: 12\n", "layers: 13\n"), "utf-8")
    assert check("all", pages, sheet) == 1
    said = capsys.readouterr().err
    assert "bert-hardware-researcher.md: it is not what the sheet gives now" in said
    assert "the same command without `--check`" in said
    assert len(said.splitlines()) < 24
    assert {file: file.read_bytes() for file in pages.rglob("*") if file.is_file()} == before


def test_a_figure_beside_a_page_goes_stale_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    render(str(BERT), RenderRequest("full", None, page, "svg", front_matter=False))
    assert check("full", page) == 0
    drawing = next((tmp_path / "page-figures").iterdir())
    drawing.write_text("<svg/>", "utf-8")
    assert check("full", page) == 1
    assert f"{drawing.name}: it is not what the sheet gives now" in capsys.readouterr().err


def test_a_page_of_a_role_that_is_gone_is_stale(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = tmp_path / "pages"
    render(str(BERT), RenderRequest("all", None, pages, "svg", front_matter=False))
    page = (pages / "bert-full.md").read_text("utf-8")
    drawing = next((pages / "bert-full-figures").iterdir())
    for name, text in {
        "bert-large-full.md": page,  # of another sheet
        "bert-large-old-role.md": page,
        "bert-notes.md": "# Notes\n\nBy hand.\n",
        "bert-old-role.html": page,  # a form that is not compared
        "bert-full-figures/notes.txt": "by hand",
    }.items():
        (pages / name).write_text(text, "utf-8")
    assert check("all", pages) == 0
    (pages / "bert-old-role.md").write_text(page, "utf-8")
    (pages / "bert-full-figures" / "old.svg").write_bytes(drawing.read_bytes())
    assert check("full", pages / "bert-full.md") == 1
    assert "bert-old-role" not in capsys.readouterr().err
    assert check("all", pages) == 1
    first, second, last, *_ = capsys.readouterr().err.splitlines()
    assert first.endswith("old.svg: of no page that the sheet has now")
    assert second.endswith("bert-old-role.md: of no page that the sheet has now")
    assert last.endswith("bert.yaml: 2 files are stale")
    assert (pages / "bert-old-role.md").exists()


@pytest.mark.skipif(os.name != "posix", reason="files of POSIX")
@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_is_no_file_is_stale_and_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    render(str(BERT), RenderRequest("full", None, Path("page.md"), "none", front_matter=False))
    Path("page.md").unlink()
    if kind == "pipe":
        os.mkfifo("page.md")
    elif kind == "device":
        monkeypatch.setenv("FACTSHEET_FOLLOW_LINKS", "1")
        Path("page.md").symlink_to("/dev/zero")
    else:
        pages = Path("pages")
        (pages / "bert-full.md").mkdir(parents=True)
        assert check("full", pages) == 1
    assert kind == "folder" or check("full", Path("page.md")) == 1
    assert ".md: it is no file" in capsys.readouterr().err


def test_a_page_that_holds_something_else_is_stale_and_no_reason_to_refuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("page.md").write_text("<<<<<<< HEAD\n", "utf-8")
    assert cli.run(["render", str(BERT), "--check", "-o", "page.md"]) == 1
    said = capsys.readouterr().err
    assert "page.md: it is not what the sheet gives now" in said
    assert "--force" not in said
    assert cli.run(["render", str(BERT), "-o", "page.md"]) == 2  # it is not written over either


def test_line_ends_of_a_checkout_are_not_stale(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    render(str(BERT), RenderRequest("full", None, page, None, front_matter=False))
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    assert check("full", page) == 0


@pytest.mark.parametrize(
    ("output", "said"), [(None, "no file is named"), ("page.pdf", "a PDF cannot be compared")]
)
def test_what_cannot_be_compared_is_refused(tmp_path: Path, output: str | None, said: str) -> None:
    file = None if output is None else tmp_path / output
    with pytest.raises(FactsheetError, match=said) as caught:
        render(str(BERT), RenderRequest("full", None, file, None, front_matter=False, check=True))
    assert status_of(caught.value) == 2
