"""Say of each text of a page which way it is read and in which language, as far as that is not what the page says.

Templates mark texts that may be of any language with `dir="auto"`, and those in the sheet's own words alone with
`dir="auto" lang="und"`. Both take quotes, so that no text of a sheet can pass for them.
"""

from __future__ import annotations

import re

from factsheet.pages.languages import (
    EAST_ASIAN,
    OURS,
    east_asian_language,
    is_ours,
    reads_from_right,
    runs_from_right,
    script_of,
)

UNDETERMINED = "und"
"""BCP 47's tag for a language that is not known; the sheet's own goes there."""
_UNDETERMINED = f' lang="{UNDETERMINED}"'
_FROM_RIGHT = "\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_RIGHT_TO_LEFT = re.compile(f"[{_FROM_RIGHT}]")
_BETWEEN_NAMES = re.compile(f"(?<=[{_FROM_RIGHT}])(?=[,;] [{_FROM_RIGHT}])")
_OTHER_SCRIPT = re.compile(f"[{_FROM_RIGHT}{EAST_ASIAN}]")
_EAST_ASIAN = re.compile(rf' dir="auto"(?! lang=)(?=[^<>]*>[^<]*[{EAST_ASIAN}])')
_AUTOMATIC = re.compile(r' dir="auto"(?P<own> lang="[\w-]+")?(?P<rest>[^<>]*>)(?P<text>[^<]*)')
_ASCII = bytes(range(0x80))
_DIRECTION = re.compile(r' dir="(?:auto|ltr)"(?=[^<>]*>)')


def with_directions(html: str, language: str | None = None) -> str:
    """Return a page with directions and languages where they are needed, and without where they are not.

    Args:
        html: the page, as the templates made it.
        language: what the sheet is written in, where it says so.
    """
    own = None if language is None or is_ours(language) else language
    # Most files hold nothing but Latin, and the attribute on every cell is a tenth of them.
    if not _OTHER_SCRIPT.search(_beyond_ascii(html)):
        said = "" if own is None or script_of(own) is not None else f' lang="{own}"'
        return _DIRECTION.sub("", html.replace(_UNDETERMINED, said))
    made = html.replace(_UNDETERMINED, f' lang="{own}"' if own else "")
    if found := east_asian_language(made):
        script = own if own and own.partition("-")[0] in {"zh", "cmn", "yue", "ja", "ko"} else found
        made = _EAST_ASIAN.sub(f' dir="auto" lang="{script}"', made)
    if not _RIGHT_TO_LEFT.search(made):
        return _DIRECTION.sub("", made)
    from_right = own if own is not None and runs_from_right(own) else None
    return _AUTOMATIC.sub(lambda text: _direction(text, from_right), made)


def _beyond_ascii(text: str) -> str:
    """Return a text without its ASCII characters; they are nearly all of a page, and `re` looks at each."""
    return text.encode("utf-8", "ignore").translate(None, _ASCII).decode()


def direction_of(text: str, language: str | None, *, own: bool) -> str:
    """Return `rtl` or `ltr` for a text.

    Args:
        text: the text.
        language: the sheet's language, where that runs from right to left.
        own: whether the text is in the sheet's own words alone: in an Arabic text, an English name changes nothing.
    """
    if own and language is not None and runs_from_right(language) and _RIGHT_TO_LEFT.search(text):
        return "rtl"
    return "rtl" if reads_from_right(text) else "ltr"


def _direction(found: re.Match[str], language: str | None) -> str:
    """Return an element that begins with a text with the direction of most of it, not of its first letter alone."""
    own, text = found["own"] or "", found["text"]
    if not any(character.isalpha() for character in text):
        return found[0]
    direction = direction_of(text, language, own=bool(own))
    if language is not None and direction == "rtl":
        own = f' lang="{language}"'
    elif language is not None and own and not _RIGHT_TO_LEFT.search(text):
        own = ""  # a name in Latin letters: not of the sheet's language
    if direction == "ltr" and not found["own"]:
        # Two Arabic names that we list in an English sentence would be read as one text, the second of them first.
        text = _BETWEEN_NAMES.sub("&lrm;", text)
    return f' dir="{direction}"{own}{found["rest"]}{text}'


def attributes(language: str | None) -> tuple[str, str]:
    """Return the attributes of a page's root and of its body, each with a space before it.

    The root is in the sheet's language, as its title is; what the program says around the sheet's texts is not.
    """
    if language is None or is_ours(language):
        return f' lang="{language or OURS}"', ""
    if not runs_from_right(language):
        return f' lang="{language}"', f' lang="{OURS}"'
    # Without quotes, so that it stays where those of texts are taken out.
    return f' lang="{language}" dir="rtl"', f' lang="{OURS}" dir=ltr'
