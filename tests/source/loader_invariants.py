"""What holds for the result of loading any bytes at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from factsheet.source.loader import Loaded, load_bytes
from factsheet.source.problems import CODES
from factsheet.source.scalars import written

if TYPE_CHECKING:
    from factsheet.source.document import Document, KeyPath, Span

# Control characters but for tab and line feed, surrogates, and what XML cannot carry.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

# The two of PyYAML's parsers disagree on a few ill-formed texts; a text is compared as its own parser reads it.
BASE_LOADERS = {True: getattr(yaml, "CBaseLoader", yaml.BaseLoader), False: yaml.BaseLoader}


def check_bytes(raw: bytes) -> Loaded:
    """Load bytes and assert everything that the documentation promises of the result."""
    loaded = load_bytes(raw, "fuzzed.yaml")
    document = loaded.document
    text = document.text if document else ""
    for problem in loaded.problems:
        assert problem.code in CODES
        check_span(problem.span, text)
        for sentence in (problem.message, problem.why, problem.help):
            assert sentence.strip()
            assert "\n" not in sentence
            assert UNSAFE.search(sentence) is None
            assert len(sentence) < 300
        for part in problem.path:
            assert isinstance(part, int) or UNSAFE.search(part) is None
        for label, span in problem.related:
            assert label
            check_span(span, text)
        if document:
            check_span(document.locate(problem.path), text)
    starts = [problem.span.start for problem in loaded.problems]
    assert starts == sorted(starts)
    if document is None or document.data is None:
        assert loaded.problems, "no data and no reason given"
    else:
        assert isinstance(document.data, dict)
        check_tree(document, (), document.data)
        if not loaded.problems:
            loader = BASE_LOADERS[yaml.__with_libyaml__]
            check_against_pyyaml(document.data, yaml.load(document.text, loader))  # noqa: S506 - builds only texts
    return loaded


def check_span(span: Span, text: str) -> None:
    """Assert that a span lies in the text and that its lines and columns say the same as its offsets."""
    assert 0 <= span.start <= span.end <= len(text)
    for offset, line, column in (
        (span.start, span.line, span.column),
        (span.end, span.end_line, span.end_column),
    ):
        before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
        if text[offset - 1 : offset + 1] == "\r\n":  # between the two halves of one line break
            continue
        assert line == before.count("\n") + 1
        assert column == len(before) - before.rfind("\n")


def check_against_pyyaml(value: object, texts: object) -> None:
    """Assert that a value is what PyYAML composes; its BaseLoader leaves every scalar a text, as no schema applied."""
    if isinstance(value, dict):
        assert isinstance(texts, dict)
        assert list(value) == list(texts)
        for key, child in value.items():
            check_against_pyyaml(child, texts[key])
    elif isinstance(value, list):
        assert isinstance(texts, list)
        assert len(value) == len(texts)
        for child, text in zip(value, texts, strict=True):
            check_against_pyyaml(child, text)
    elif value is None:
        assert texts in ("", "~", "null", "Null", "NULL")
    elif isinstance(value, bool):
        assert texts in ("true", "True", "TRUE", "false", "False", "FALSE")
        assert (str(texts).lower() == "true") is value
    else:
        assert written(value) == texts


def check_tree(document: Document, path: KeyPath, value: object) -> None:
    """Assert that a value is plain and safe, and that its span holds those of everything below it."""
    own = document.value_span(path)
    assert own is not None
    assert isinstance(value, dict | list | str | int | float | bool | None)
    if isinstance(value, str):
        assert UNSAFE.search(value) is None
        assert len(value) <= 20_000
    if isinstance(value, float):
        assert float("-inf") < value < float("inf")
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    reached = own.start
    for part, child in entries:
        below = (*path, part)
        assert isinstance(part, int) or (UNSAFE.search(part) is None and len(part) <= 20_000)
        span = document.value_span(below)
        key = document.key_span(below)
        assert span is not None
        assert (key is None) == isinstance(value, list)
        first = key or span
        assert reached <= first.start <= span.start <= span.end <= own.end
        assert key is None or key.end <= span.start
        reached = span.end
        check_tree(document, below, child)
