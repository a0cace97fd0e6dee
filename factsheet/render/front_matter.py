"""What tools read at the head of a Markdown page: the sheet's identity as YAML."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from factsheet.render.plain import clean

if TYPE_CHECKING:
    from factsheet.views.page import Page


def front_matter(page: Page) -> str:
    """YAML between two lines of hyphens; texts are written as JSON, which YAML takes as it is."""
    known = page.identity
    entries = {
        "title": page.title,
        "model": known.model,
        "version": known.version,
        "date": known.date,
        "status": known.status,
        "organisation": known.organisation,
        "view": page.view,
        "sheet": known.digest,
    }
    lines = (
        f"{key}: {json.dumps(clean(value), ensure_ascii=False)}"
        for key, value in entries.items()
        if value is not None
    )
    return "\n".join(("---", *lines, "---", "", ""))
