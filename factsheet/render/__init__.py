"""Page model to a format that people read."""

from factsheet.render.markdown import render_markdown

__all__ = ["render_markdown"]
