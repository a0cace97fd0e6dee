"""Tell what kind of output a file holds, so that none takes the place of what somebody wrote by hand.

A kind is known by how our own outputs of it begin, never by the file's name. What is not known is foreign. A form to be
filled in, as of a review, is none of them: what people wrote into it is theirs.
"""

from __future__ import annotations

import re
import zlib
from typing import Final, NamedTuple

from factsheet.errors import UsageError

LARGEST: Final = 1 << 26
"""Bytes of a file that are looked at: more than any of our outputs has but a table of a sweep, known by its ends."""
_NOTHING: Final = (b"", b"[]")
_JSON: Final = re.compile(rb'\{\s*"schema": "(factsheet[\w.-]{0,40})/\d+"')
_STREAM: Final = re.compile(rb"stream\r?\n")
_CREATOR: Final = b"/Creator (factsheet"


_DECLARATION: Final = (
    "eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEiLCJwcmVkaWNhdGUiOnsiY2hlY2tzIjp7ImVycm9ycyI6"
)


class _Kind(NamedTuple):
    """A kind of output: what it is called, how it begins, and what it has beside that."""

    name: str
    start: str
    has: bytes = b""


_KINDS: Final = tuple(
    (kind.name, re.compile(kind.start.encode(), re.MULTILINE), kind.has)
    for kind in (
        _Kind("a report in SARIF", r'\A\{\s*"\$schema": "[^"]*sarif', b'"name": "factsheet"'),
        _Kind(
            "the JSON Schema of a sheet",
            r'\A\{\s*"\$schema": "https://json-schema',
            b'"x-unit": ',
        ),
        # Base64 of how our statements begin; those of other programs have another predicate.
        _Kind("a declaration", rf'\A\{{"payload":"{_DECLARATION}[A-Za-z0-9+/=]*","payloadType":"'),
        _Kind(
            "a statement", r'\A\{"_type":"https://in-toto.io/Statement/v1","predicate":\{"checks":\{"errors":'
        ),
        _Kind("a verification", r"\A.*: the signatures? holds?\b"),
        _Kind("an rpu_config", r'\A\{\s*"class": "\w*RPUConfig"'),
        _Kind(
            "a report for GitLab", r'\A\[\s*\{\s*"description": ".*",\s*"check_name": "(?:FS\d|unreadable")'
        ),
        _Kind("issues of missing facts", r'\A\[\s*\{\s*"title": ".* wanted from ', b"- [ ] `"),
        _Kind("a report in JUnit's form", r'\A<\?xml[^>]*>\s*<testsuites name="factsheet"'),
        _Kind("a page in HTML", r"\A<!doctype html>", b"<meta name=generator content=factsheet>"),
        _Kind("a page in HTML", r"\A<!doctype html>", b'<meta name="generator" content="factsheet">'),
        _Kind("a drawing", r'\A(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE[^>]*>\s*)?<svg [^>]*role="img" aria-label'),
        _Kind("a drawing", r"\A\x89PNG\r\n", b"Software\0factsheet"),
        _Kind("a table of a sweep in CSV", r"\Asource,network,hardware,"),
        _Kind("operators in CSV", r"\Aname,count,kind,rows,cols,"),
        _Kind("annotations for GitHub", r"\A::(?:error|warning|notice) file="),
        _Kind("findings", r"\A.*: (?:error|warning|info) (?:FS\d|unreadable: )"),
        _Kind("findings", r"\A\d[\d,]* sheets? checked"),
        _Kind("derived facts", r"^fact +the sheet says +derived +verdict"),
        _Kind("derived facts", r"^What each figure does when a constant grows by "),
        _Kind("derived facts", r"\A\S.* = .*\n(?:formula: |with )"),
        _Kind("operators", r"^\W*(?:operators|name)\W+kind\W+(?:in x out|rows)\b"),
        _Kind("a section of a sheet", r"\A# The network .*, written by `factsheet inspect --as-yaml`"),
        _Kind("a table of a sweep", r"\blatency .* energy +power +inferences/s"),
        _Kind("fields of a sheet", r"\A# Fields of a sheet$"),
        _Kind("fields of a sheet", r"^  question  "),
        _Kind("fields of a sheet", r"\Afactsheet +Which version of the FactSheet schema"),
        _Kind("missing facts", r"\A(?:# )?.*: (?:\d[\d,]* facts?|nothing is) missing for the stage "),
        _Kind("a comparison of profiles", r"\A# What the model of a chip says, beside what is published$"),
        _Kind("a comparison of profiles", r"^figure +published +the model +error"),
        _Kind("digital baselines", r"\A(?:# )?.+: digital devices beside its own hardware$"),
        _Kind("a comparison of profiles", r"^digital device +fitted +kept +within"),
        _Kind("a profile as a table", r"^figure +value +standing +source"),
        _Kind("hardware of a recipe", r"\A# Hardware for `factsheet simulate --hardware`"),
        _Kind("a summary of reviews", r"\A.*: \d+ reviews? in (?:the only round|round \d)"),
        _Kind("a summary of reviews", r"\A# Reviews of "),
        _Kind("a table of reviews", r"\A(?:\| )?Fact +(?:\| )?Understandability "),
        _Kind(
            "a model card",
            r"\A---\n[^\0]*?\n---\n\n<!-- factsheet:begin whole [^\n]*-->\n[^\0]*<!-- factsheet:end -->\s*\Z",
        ),
        _Kind("a page in Markdown", r"\A(?:---\n(?:.+\n){1,40}---\n\n)?# .+\n\nFactSheet of "),
    )
)


def kind_of(content: bytes) -> str | None:
    """Return what kind of output a content is, `""` where there is none in it, `None` where it is none of ours."""
    text = content.removeprefix(b"\xef\xbb\xbf").strip()
    if text in _NOTHING:
        return ""
    named = _JSON.match(text)
    if named is not None:
        return f"JSON of the schema {named[1].decode()}"
    if text.startswith(b"PAR1"):
        return "a table of a sweep in Parquet" if b"factsheet.sweep/" in text else None
    if text.startswith(b"%PDF-"):
        return "a page in PDF" if _is_own_pdf(text) else None
    return next((name for name, start, has in _KINDS if start.search(text) and has in text), None)


def _is_own_pdf(content: bytes) -> bool:
    """Return whether a PDF names us as its creator, which WeasyPrint writes into a compressed stream at the end."""
    if _CREATOR in content:
        return True
    starts = [found.end() for found in _STREAM.finditer(content)]
    for start in reversed(starts):
        try:
            if _CREATOR in zlib.decompressobj().decompress(content[start:], LARGEST):
                return True
        except zlib.error:  # of an image, or no stream at all
            continue
    return False


def refuse_other_kind(name: str, there: bytes, new: bytes | None) -> None:
    """Refuse to replace what is no output of the kind to be written.

    Args:
        name: The file, for people.
        there: What it holds.
        new: What it is to hold; `None` before that is known, when any output of ours may be replaced.

    Raises:
        UsageError: it holds something else.
    """
    old = kind_of(there)
    if old == "":
        return
    wanted = None if new is None else kind_of(new)
    if old is not None and (new is None or wanted in {old, ""}):
        return
    holds = "what it holds was not written by factsheet" if old is None else f"it holds {old}"
    raise UsageError(
        f"{name}: not written: {holds}" + (f", and the output is {wanted}" if old and wanted else ""),
        "the output would replace it",
        "give another name, or `--force` to replace it",
    )
