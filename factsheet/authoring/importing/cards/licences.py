"""Names of licences: how SPDX spells what cards and people write in lower case."""

from __future__ import annotations

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
