"""Style and scripts inside an HTML file, and the policy that lets these run and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment
    from markupsafe import Markup

_ENDS_AN_ELEMENT = re.compile(r"</(?=style|script)|<!--", re.IGNORECASE)


def source(environment: Environment, name: str) -> Markup:
    """The text of a style sheet or script beside the templates, the user's before ours.

    Raises:
        ValueError: it would end the element that it goes into.
    """
    loader = environment.loader
    assert loader is not None  # noqa: S101  the environment was made with one
    return verbatim(loader.get_source(environment, name)[0])


def verbatim(text: str) -> Markup:
    """A style sheet or script as it goes into its element.

    Raises:
        ValueError: it would end that element.
    """
    from markupsafe import Markup  # comes with jinja2

    if found := _ENDS_AN_ELEMENT.search(text):
        raise ValueError(f"a style sheet or script can not hold {found[0]!r}")
    return Markup(text.replace("\r\n", "\n"))  # noqa: S704  a file of the project's or of its user's


def policy(style: Markup, scripts: Sequence[Markup], live: Markup | None = None) -> str:
    """The Content-Security-Policy of a file: this style and these scripts, and nothing from anywhere.

    Args:
        style: the file's style.
        scripts: its scripts.
        live: the preview's script, which alone may ask its server for news.
    """
    run = [_hash(script) for script in (*scripts, *((live,) if live else ()))]
    parts = [
        "default-src 'none'",
        f"style-src {_hash(style)}",
        f"script-src {' '.join(run)}" if run else "script-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        *(["connect-src 'self'"] if live else []),
    ]
    return "; ".join(parts)


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
