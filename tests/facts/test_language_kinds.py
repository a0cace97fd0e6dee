"""The tag of a language: examples of RFC 5646 are read; what people write instead is refused with what to write."""

from __future__ import annotations

import re

import pytest

from factsheet.errors import AnswerRefusedError
from factsheet.facts.language_kinds import LanguageTag

# RFC 5646, appendix A, without what it calls grandfathered or for private use alone.
EXAMPLES = (
    *(
        "de",
        "fr",
        "ja",
        "zh-Hant",
        "zh-Hans",
        "sr-Cyrl",
        "zh-cmn-Hans-CN",
        "cmn-Hans-CN",
        "zh-yue-HK",
        "yue-HK",
    ),
    *("zh-Hans-CN", "sr-Latn-RS", "sl-rozaj", "sl-rozaj-biske", "sl-nedis", "de-CH-1901", "sl-IT-nedis"),
    *("hy-Latn-IT-arevela", "de-DE", "en-US", "es-419", "de-CH-x-phonebk", "az-Arab-x-aze-derbend"),
    *("en-US-u-islamcal", "zh-CN-a-myext-x-private", "en-a-myext-b-another"),
)
INVALID = ("de-419-DE", "a-DE")
"""What the same appendix calls invalid."""


@pytest.mark.parametrize("tag", EXAMPLES)
def test_tags_of_the_standard_are_read_whatever_their_case(tag: str) -> None:
    kind = LanguageTag()
    assert kind.parse(tag) == kind.parse(tag.lower()) == tag
    assert re.search(kind.json_schema()["pattern"], tag)


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("pt_BR", "pt-BR"),
        ("de_DE.UTF-8", "de-DE"),
        ("German", "de"),
        ("the language of Goethe", "for example"),
        (True, "for example"),
        (5, "for example"),
        ("", "for example"),
        ("en" + "-abcde" * 30, "for example"),
        *((tag, "for example") for tag in INVALID),
    ],
)
def test_what_is_no_tag_is_refused_with_what_to_write(raw: object, meant: str) -> None:
    with pytest.raises(AnswerRefusedError) as refused:
        LanguageTag().parse(raw)
    assert meant in refused.value.help
