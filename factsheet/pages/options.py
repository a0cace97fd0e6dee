"""Define what can be asked for when pages are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from factsheet.readers.roles import ViewName
    from factsheet.review.summary import ReviewSummary

MarkdownFigures = Literal["mermaid", "svg", "none"]


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How to write pages.

    Attributes:
        overrides: the user's own templates and styles, by format.
        figures: how Markdown shows figures: as Mermaid diagrams, as image files beside it, or in words only.
        figure_folder: where the image files are, relative to the page.
        front_matter: whether Markdown begins with what tools read, as YAML.
        siblings: file names of the other readers' pages in the same directory.
        reviews: what reviewers said of the sheet.
        digest: of the sheet's text, for a page to say which sheet it shows: `sha256:9f86…`.
        live_script: a script that an HTML file runs besides its own; only the preview has one.
        appendix: whether a PDF goes on, behind what its reader gets, with operating points, workings, the reasons for
            its selection and the whole sheet.
        logo: an image for the cover of a PDF, PNG, JPEG or SVG, which is embedded.
        warn: takes what a reader of a page would miss, a sentence each; by default they are Python's warnings.
        created: the time that a file states that it was made at; most state none, so that the same sheet gives the
            same bytes.
    """

    overrides: Path | None = None
    figures: MarkdownFigures = "mermaid"
    figure_folder: str = "figures"
    front_matter: bool = False
    siblings: Mapping[ViewName, str] = field(default_factory=dict)
    reviews: ReviewSummary | None = None
    digest: str | None = None
    live_script: str | None = None
    appendix: bool = False
    logo: Path | None = None
    warn: Callable[[str], None] | None = None
    created: datetime | None = None


DEFAULT_OPTIONS = RenderOptions()
