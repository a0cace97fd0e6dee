"""Names of licences: how SPDX spells what cards and people write in lower case."""

from __future__ import annotations

import re

SPDX = {
    name.casefold(): name
    for name in (
        *(
            "Apache-2.0",
            "MIT",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "CC0-1.0",
            "CC-BY-2.0",
            "CC-BY-3.0",
            "CC-BY-4.0",
        ),
        *("CC-BY-SA-3.0", "CC-BY-SA-4.0", "CC-BY-NC-2.0", "CC-BY-NC-3.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0"),
        *(
            "CC-BY-NC-ND-4.0",
            "CC-BY-ND-4.0",
            "MPL-2.0",
            "ISC",
            "Unlicense",
            "AFL-3.0",
            "Artistic-2.0",
            "BSL-1.0",
        ),
        *("ECL-2.0", "EPL-2.0", "EUPL-1.1", "MS-PL", "Zlib", "ODbL-1.0", "OFL-1.1"),
    )
}
"""Identifiers of SPDX that the Hub writes in lower case."""
_ADDRESSES = re.compile(
    r"https?://(?:www\.)?(?:spdx\.org/licenses|choosealicense\.com/licenses|opensource\.org/licen[sc]es?)"
    r"/([\w.+-]+?)(?:\.html|\.json)?/?",
    re.IGNORECASE,
)
_COMMONS = re.compile(
    r"https?://creativecommons\.org/(?:licenses/([a-z-]+)|publicdomain/(zero))/(\d\.\d)(?:/[\w./-]*)?",
    re.IGNORECASE,
)


def licence_at(text: str) -> str:
    """Return a licence as SPDX spells it where a text is its name, or a well-known address of it; else the text."""
    if found := _COMMONS.fullmatch(text):
        name = f"CC0-{found[3]}" if found[2] else f"CC-{found[1]}-{found[3]}"
    elif found := _ADDRESSES.fullmatch(text):
        name = found[1]
    else:
        name = text
    return SPDX.get(name.casefold(), text)
