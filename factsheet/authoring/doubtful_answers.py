"""Answers that fit their field and look meant for another: an e-mail address as the licence, an address as a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.authoring.field_catalogue import entries_at
from factsheet.authoring.questions import value_of
from factsheet.facts.placeholders import is_sample_address

if TYPE_CHECKING:
    from factsheet.authoring.questions import OpenQuestion

_MAIL = re.compile(r"(mailto:)?[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+", re.IGNORECASE)
_LINK = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)
_LICENCE = "licence"
_ONE_LINE = "one line of text"
_WORDS = (_ONE_LINE, "text, in Markdown", "a list of texts, or one text")
_FILLERS = re.compile(r"\b(the|licen[cs]e|version|v(?=\d))\b|[^a-z0-9]")
"""What names of licences differ in: `Apache License, Version 2.0`, `apache-2.0`."""


def doubt_of(question: OpenQuestion, typed: str) -> str:
    """Return why an answer that fits is probably a mistake; empty where nothing speaks against it.

    Args:
        question: what was asked.
        typed: the answer; in quotes it is meant as it stands.
    """
    value = value_of(question, typed)
    if question.entry.form not in _WORDS or not isinstance(value, str) or typed.strip()[:1] in ("'", '"'):
        return ""
    typed = value
    if is_sample_address(typed):
        return f"`{typed}` is an address for examples: nobody is reached by it, and the question stays open"
    example, name = str(question.entry.example), question.entry.path.rpartition(".")[2]
    is_mail, is_link = (bool(form.fullmatch(typed)) for form in (_MAIL, _LINK))
    reached = _MAIL.fullmatch(example) or _LINK.fullmatch(
        example
    )  # where somebody is reached, either way will do
    if is_mail and not reached:
        return f"`{typed}` is an e-mail address, and `{name}` is answered like `{example}`"
    if is_link and question.entry.form == _ONE_LINE and not reached:
        place = f"{question.entry.path}_link"
        other = f"; an address goes to `{place}`" if entries_at(place) else ""
        return f"`{typed}` is a web address, and `{name}` is answered like `{example}`{other}"
    licence = _licence_named(typed)
    if licence and name == _LICENCE and licence != typed:
        return f"the SPDX identifier of `{typed}` is `{licence}`"
    if licence and question.entry.form != _ONE_LINE:
        return f"`{typed}` is the name of a licence, and `{name}` is answered like `{example}`"
    return ""


def _licence_named(typed: str) -> str:
    """Return the SPDX identifier that a whole answer is a spelling of; empty where it is none that is known."""
    from factsheet.authoring.importing.cards.licences import SPDX  # the importers are loaded for it

    plain = _FILLERS.sub("", typed.casefold())
    return next((name for name in SPDX.values() if _FILLERS.sub("", name.casefold()) == plain), "")
