"""Colour, as escape sequences or as nothing. Colour never carries what words do not."""

from __future__ import annotations

from typing import NamedTuple


class Style(NamedTuple):
    """What to put around words; plain unless `coloured`."""

    coloured: bool = False

    def _wrap(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.coloured else text

    def strong(self, text: str) -> str:
        """Bold."""
        return self._wrap("1", text)

    def faint(self, text: str) -> str:
        """Dim, for lines that frame others."""
        return self._wrap("2", text)

    def error(self, text: str) -> str:
        """Bold red, readable on dark and light."""
        return self._wrap("1;31", text)

    def warning(self, text: str) -> str:
        """Bold yellow."""
        return self._wrap("1;33", text)

    def info(self, text: str) -> str:
        """Bold cyan."""
        return self._wrap("1;36", text)

    def good(self, text: str) -> str:
        """Green."""
        return self._wrap("32", text)

    def of(self, severity: str, text: str) -> str:
        """The colour of a severity."""
        return {"error": self.error, "warning": self.warning, "info": self.info}[severity](text)
