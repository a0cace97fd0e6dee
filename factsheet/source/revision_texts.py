"""Texts at many revisions, as the history of a file needs them: all from one git that stays until the last one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Self

from factsheet.errors import SourceUnreadableError, in_one_line
from factsheet.source.decoding import DEFAULT_LIMITS
from factsheet.source.loader import load_bytes
from factsheet.source.revisions import FETCHES_NOTHING, SHOWS_ONLY, read_revision

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from factsheet.source.decoding import ReadingLimits
    from factsheet.source.loader import Loaded
    from factsheet.source.revisions import Revision


class RevisionTexts:
    """Texts of one repository at many revisions, all from one git: starting one takes longer than reading a text."""

    def __init__(self, folder: Path, limits: ReadingLimits = DEFAULT_LIMITS) -> None:
        """Take a folder of the working directory, and how much to read of each text."""
        self._folder, self._limits = folder, limits
        self._git: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def read(self, revision: Revision) -> Loaded:
        """Read a file as it was at a revision.

        Raises:
            SourceUnreadableError: git has no such file, or fails.
        """
        name = revision.name
        if "\n" in name:  # the end of a question to git
            return read_revision(name, limits=self._limits)
        try:
            return load_bytes(self._bytes(name), name, self._limits)
        except (OSError, ValueError) as error:
            self._end()
            raise SourceUnreadableError(in_one_line(name[:120]), f"git does not give it: {error}") from None

    def _bytes(self, name: str) -> bytes:
        if self._git is None:
            import subprocess  # only where a history is asked for

            self._git = subprocess.Popen(  # noqa: S603  our words alone
                ["git", *SHOWS_ONLY, "-C", str(self._folder), "cat-file", "--batch"],  # noqa: S607  as in `_git`
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **FETCHES_NOTHING},
            )
        asked, answers = self._git.stdin, self._git.stdout
        assert asked is not None  # noqa: S101  both are pipes
        assert answers is not None  # noqa: S101  likewise
        asked.write(os.fsencode(name) + b"\n")
        asked.flush()
        head = answers.readline().split()
        if len(head) != len(("id", "kind", "size")) or head[1] != b"blob":
            raise ValueError("there is no such file")
        size, most = int(head[2]), self._limits.bytes + 1
        text = answers.read(min(size, most))
        if size > most:
            self._end()  # the rest of it is not waited for
        else:
            answers.read(1)
        return text

    def _end(self) -> None:
        if self._git is not None:
            self._git.kill()
            self._git.communicate()
            self._git = None
