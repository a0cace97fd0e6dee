"""The kind of answer that names a human language by its tag."""

from __future__ import annotations

import re
from typing import Any

from factsheet.errors import AnswerRefusedError
from factsheet.facts.kind import Kind, name_of

# RFC 5646 (BCP 47), section 2.1, without languages of four to eight letters, none of which is registered: names such
# as `German` would pass for one.
_LANGUAGE = "[A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}"
_SCRIPT, _REGION = "(-[A-Za-z]{4})?", "(-([A-Za-z]{2}|[0-9]{3}))?"
_VARIANTS = "(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
_EXTENSIONS = "(-[0-9A-WY-Za-wy-z](-[A-Za-z0-9]{2,8})+)*(-[Xx](-[A-Za-z0-9]{1,8})+)?"
_TAG = f"{_LANGUAGE}{_SCRIPT}{_REGION}{_VARIANTS}{_EXTENSIONS}"
_LONGEST = 100


class LanguageTag(Kind):
    """A language by its BCP 47 tag, `en` or `zh-Hant`; kept with capitals as RFC 5646, 2.1.1, recommends them."""

    __slots__ = ()
    key = "language"

    def parse(self, raw: object) -> str:
        text = raw.strip() if isinstance(raw, str) else ""
        if len(text) <= _LONGEST and re.fullmatch(_TAG, text):
            return _canonical(text)
        close = _meant(text)
        raise AnswerRefusedError(
            f"expected the tag of a language, found {f'`{text[:60]}`' if text else name_of(raw)}",
            "browsers, screen readers and fonts know languages by their BCP 47 tags",
            f"did you mean `{close}`?"
            if close
            else "write its tag, for example `en`, `de`, `pt-BR` or `zh-Hant`",
        )

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": rf"^\s*{_TAG}\s*$", "maxLength": _LONGEST}


def _canonical(tag: str) -> str:
    first, *others = tag.lower().split("-")
    made = [first]
    for part in others:
        after_singleton = any(len(before) == 1 for before in made)
        if after_singleton:
            made.append(part)
        elif len(part) == 4 and part.isalpha():  # noqa: PLR2004  a script
            made.append(part.title())
        else:
            made.append(part.upper() if len(part) == 2 else part)  # noqa: PLR2004  a region
    return "-".join(made)


def _meant(text: str) -> str | None:
    """Return the tag of what was written as a locale, `de_DE.UTF-8`, or by its English name, where Python knows it."""
    from locale import locale_alias  # only for a refused value

    locale = text.partition(".")[0] if "_" in text else locale_alias.get(text.lower(), "").partition("_")[0]
    tag = locale.replace("_", "-")
    return _canonical(tag) if re.fullmatch(_TAG, tag) and tag.lower() != text.lower() else None
