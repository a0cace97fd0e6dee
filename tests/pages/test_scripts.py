"""Texts in other scripts: which way they are read, in which language, and how a list of them is written."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pdfplumber
import pytest
import tinyhtml5
from pypdf import PdfReader

from factsheet.pages.formats.embeds import SheetSeal, fragment_html
from factsheet.pages.languages import east_asian_language, language_of_fonts, listed, reads_from_right
from factsheet.pages.rendering import PageSet
from factsheet.pages.rows import first_sentence
from factsheet.pages.text import without_stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.sheet.model import SheetFields

ARABIC = "يصنف هذا النموذج مراجعات باللغة العربية."
SHEET = """\
factsheet: 1
overview: {{name: "{name}", model: M, summary: "{name}"}}
purpose: {{applications: ["{name}", B]}}
"""


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("模拟内存计算", "zh-CN"),
        ("類比記憶體內運算", "zh-TW"),
        ("アナログ計算の精度", "ja"),
        ("아날로그 計算", "ko"),
        ("Analog computing, µJ", None),
        (ARABIC, None),
    ],
)
def test_the_language_of_han_characters(text: str, language: str | None) -> None:
    assert east_asian_language(text) == language


@pytest.mark.parametrize(
    ("text", "from_right"),
    [
        (ARABIC, True),
        ("שלום עולם", True),
        ("2.5 W", False),
        ("", False),
        # A sentence of ours that begins with a name of the sheet's.
        ("الشريحة: measured. The gap is the analog score minus the digital one.", False),
    ],
)
def test_which_way_a_text_is_read(text: str, *, from_right: bool) -> None:
    assert reads_from_right(text) == from_right


@pytest.mark.parametrize(
    ("entries", "line"),
    [
        (["a", "b"], "a, b"),
        (["电商评论", "客户服务"], "电商评论、客户服务"),
        (["アナログ", "B"], "アナログ、B"),
        (["متجر", "فندق"], "متجر، فندق"),
        (["소매", "호텔"], "소매, 호텔"),
        ([], ""),
    ],
)
def test_a_list_has_the_comma_of_its_script(entries: list[str], line: str) -> None:
    assert listed(entries) == line


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("zh-Hans", "MNLI、QQP"),
        ("ja", "MNLI、QQP"),
        ("zh-Latn-pinyin", "MNLI, QQP"),
        ("fa", "MNLI، QQP"),
        ("az-Arab", "MNLI، QQP"),
        ("ko", "MNLI, QQP"),
        ("de", "MNLI, QQP"),
    ],
)
def test_a_list_has_the_comma_of_the_language_of_its_sheet(language: str, line: str) -> None:
    assert listed(["MNLI", "QQP"], language) == line


STATED = """\
factsheet: 1
overview: {{name: "{name}", model: BERT, sheet_language: {language}, licence: MIT, summary: "{name}"}}
purpose: {{applications: ["{name}", BERT]}}
"""


@pytest.mark.parametrize(
    ("language", "name", "root", "body"),
    [
        ("de", "Ein Modell", {"lang": "de"}, {"lang": "en"}),
        ("en-GB", "A model", {"lang": "en-GB"}, {}),
        ("ar", ARABIC, {"lang": "ar", "dir": "rtl"}, {"lang": "en", "dir": "ltr"}),
        # Most letters of the text are Latin; its language says all the same which way it is read.
        ("he", "BERT-base-uncased עברית", {"lang": "he", "dir": "rtl"}, {"lang": "en", "dir": "ltr"}),
        ("zh-Hant", "類比記憶體內運算", {"lang": "zh-Hant"}, {"lang": "en"}),
    ],
)
def test_pages_are_in_the_language_of_their_sheet_and_our_words_in_ours(
    make_sheet: Callable[[str], SheetFields],
    language: str,
    name: str,
    root: dict[str, str],
    body: dict[str, str],
) -> None:
    pages = PageSet(make_sheet(STATED.format(name=name, language=language)))
    html = pages.render("full", "html")
    assert isinstance(html, str)
    for text in (html, fragment_html(pages.page("full"), SheetSeal(0, 0, 0, None))):
        made = tinyhtml5.parse(text, namespace_html_elements=False)
        found = made.attrib
        assert {key: found[key] for key in ("lang", "dir") if key in found} == root
        (inside,) = made.iter("body")
        assert dict(inside.attrib) == body
        (title,) = made.iter("h1")
        assert title.attrib.get("lang") == (None if language.startswith("en") else language)
        assert title.attrib.get("dir", "ltr") == root.get("dir", "ltr")
        assert "und" not in {element.attrib.get("lang") for element in made.iter()}


def test_a_document_is_in_the_language_of_its_sheet(make_sheet: Callable[[str], SheetFields]) -> None:
    content = PageSet(make_sheet(STATED.format(name="Ein Modell", language="de-AT"))).render("full", "pdf")
    assert isinstance(content, bytes)
    assert PdfReader(io.BytesIO(content)).trailer["/Root"]["/Lang"] == "de-AT"


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("zh-Hans", "内", "zh-CN"),
        ("zh-Hant", "內", "zh-TW"),
        ("zh", "類比記憶體內運算", "zh-TW"),
        ("zh-HK", "內", "zh-HK"),
        ("ja", "内", "ja"),
        ("de", "", "de"),
    ],
)
def test_fonts_are_found_by_the_names_that_fontconfig_knows(language: str, text: str, name: str) -> None:
    assert language_of_fonts(language, text) == name


@pytest.mark.parametrize(
    ("name", "language"), [("模拟内存计算", "zh-CN"), ("アナログ計算", "ja"), (ARABIC, None)]
)
def test_html_names_the_language_of_han_characters(
    make_sheet: Callable[[str], SheetFields], name: str, language: str | None
) -> None:
    html = PageSet(make_sheet(SHEET.format(name=name))).render("full", "html")
    root = tinyhtml5.parse(html, namespace_html_elements=False)
    assert root.attrib["lang"] == "en"
    (title,) = root.iter("h1")
    assert title.text == name
    assert title.attrib.get("lang") == language
    # What we write stays in the language of the file.
    assert all("lang" not in heading.attrib for heading in root.iter("h3"))


def test_a_full_stop_is_on_the_left_of_what_is_read_from_the_right(
    make_sheet: Callable[[str], SheetFields],
) -> None:
    content = PageSet(make_sheet(SHEET.format(name=ARABIC))).render("full", "pdf")
    assert isinstance(content, bytes)
    with pdfplumber.open(io.BytesIO(content)) as document:
        cover = document.pages[0].chars
    (stop,) = [character for character in cover if character["text"] == "."][:1]
    line = [c["x0"] for c in cover if abs(c["bottom"] - stop["bottom"]) < stop["size"] / 2]
    assert stop["x0"] == min(line)


def test_a_sentence_of_ours_that_begins_with_an_arabic_name_is_read_from_the_left(
    make_sheet: Callable[[str], SheetFields],
) -> None:
    html = PageSet(make_sheet(SHEET.format(name=ARABIC))).render("full", "html")
    root = tinyhtml5.parse(html, namespace_html_elements=False)
    found = {
        "".join(element.itertext()): element.attrib["dir"]
        for element in root.iter()
        if "dir" in element.attrib
    }
    assert found[ARABIC] == "rtl"
    assert all(direction != "rtl" for text, direction in found.items() if "FactSheet of" in text)


def test_arabic_names_in_an_english_list_keep_their_order(make_sheet: Callable[[str], SheetFields]) -> None:
    """Unicode's UAX #9 takes two of them with a comma in between for one text: the second would be read first."""
    shops = "purpose: {applications: [Bookshops and libraries, متجر, فندق, cafés in towns]}"
    html = PageSet(make_sheet(f"factsheet: 1\noverview: {{name: A, model: B}}\n{shops}\n")).render(
        "business-expert", "html"
    )
    assert isinstance(html, str)
    assert "<bdi>Bookshops and libraries</bdi>, <bdi>متجر</bdi>, <bdi>فندق</bdi>" in html
    assert "Bookshops and libraries, متجر&lrm;, فندق and cafés" in html


@pytest.mark.parametrize(
    ("text", "first"), [("第一句。第二句。", "第一句。"), ("One. Two.", "One."), ("एक। दो।", "एक।")]
)
def test_sentences_end_as_their_script_ends_them(text: str, first: str) -> None:
    assert first_sentence(text) == first
    assert without_stop(first) == first[:-1]
