"""Texts as they were at a revision in git: `HEAD~3:sheets/bert.yaml`, and the revisions at which a file changed.

Git is asked for bytes and names alone. A repository may be a stranger's, and its settings can name programs: none of
them is run, no object is fetched, and nothing in the working directory is touched.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from factsheet.errors import SourceUnreadableError, UsageError, in_one_line
from factsheet.source.decoding import DEFAULT_LIMITS
from factsheet.source.loader import load_bytes
from factsheet.source.problems import SHEET
from factsheet.systems import names_drive

if TYPE_CHECKING:
    from factsheet.source.decoding import ReadingLimits
    from factsheet.source.loader import Loaded
    from factsheet.source.problems import TextKind

RUNS_NOTHING = ("-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit")
"""What a repository's own settings could have git run; a folder that is checked may hold, or be, a stranger's one."""
SHOWS_ONLY = (
    "--no-pager",
    "--literal-pathspecs",  # the names of files are no patterns: `net[1].yaml`
    *RUNS_NOTHING,
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "log.showSignature=false",
)
"""Options of a git that is asked for bytes and names alone."""
FETCHES_NOTHING = {
    "GIT_ALLOW_PROTOCOL": "",  # over every `protocol.*.allow` of a repository
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
"""The surroundings of such a git."""
_SECONDS = 30
_MOST_REVISIONS = 10_000
_NAMED = re.compile(r"(?P<revision>(?:[^:{}]|\{[^{}]*\})*):(?P<path>[^:].*)", re.DOTALL)
"""A revision and a path in it, as git writes them; braces hold what may have a colon, `HEAD^{/fix: power}`."""
_OBJECT = re.compile(rb"[0-9a-f]{40,64}")


class Revision(NamedTuple):
    """A revision at which a file changed.

    Attributes:
        commit: its full id.
        date: when it was committed, as `2022-11-14T09:30:00+01:00`.
        subject: the first line of its message.
        path: what the file was called then, from the top of the repository.
    """

    commit: str
    date: str
    subject: str
    path: str

    @property
    def short(self) -> str:
        """The id as people write it."""
        return self.commit[:9]

    @property
    def name(self) -> str:
        """The file at the revision, as `read_revision` takes it."""
        return f"{self.commit}:{self.path}"


class FileHistory(NamedTuple):
    """The revisions of a file, the newest first.

    Attributes:
        revisions: those of the branch that the working directory is on; what was merged counts at its merge.
        cut_short: why there may be older ones that are not listed; empty where there are none.
    """

    revisions: tuple[Revision, ...]
    cut_short: str


def names_revision(name: str) -> bool:
    """Return whether a name is that of a text at a revision: it has a colon where git wants one, and is no file."""
    named = _NAMED.fullmatch(name) is not None and not names_drive(name)
    return named and not os.path.exists(name)  # noqa: PTH110  to it, a NUL is no error


def read_revision(name: str, *, limits: ReadingLimits = DEFAULT_LIMITS, kind: TextKind = SHEET) -> Loaded:
    """Read a sheet, or another kind of text, as it was at a revision.

    Args:
        name: `REVISION:PATH`, as for `git show`: the path is from the top of the repository, or with `./` in front
            from the working directory; where the top has no such file, the working directory is tried too. Without a
            revision it is the staged text.
        limits: how much to read.
        kind: what the text is, for messages.

    Raises:
        UsageError: there is no such revision, or no such file in it.
        SourceUnreadableError: there is no git, no repository, or the text is too large.
    """
    match = _NAMED.fullmatch(name)
    if match is None or match["revision"].startswith("-") or "\0" in name:
        raise UsageError(
            f"`{_shown(name)}` is no text at a revision",
            help="write `REVISION:PATH`: `HEAD~3:sheets/bert.yaml`",
        )
    revision, path = match["revision"], match["path"]
    found = _object(f"{revision}:{path}")
    if found is None and not path.startswith(("/", "./", "../")):
        found = _object(f"{revision}:./{path}")
    if found is None:
        raise _nothing_there(name, revision, path)
    if _git("cat-file", "-t", found, source=name).strip() != b"blob":
        raise SourceUnreadableError(_shown(name), "it is a folder, and no file")
    return load_bytes(
        _git("cat-file", "blob", found, source=name, most=limits.bytes), name, limits, kind=kind
    )


def is_revision(name: str) -> bool:
    """Return whether a name is that of a revision.

    Raises:
        SourceUnreadableError: there is no git, or no repository.
    """
    return bool(name) and "\0" not in name and _object(f"{name}^{{commit}}") is not None


def is_at_revision(name: str) -> bool:
    """Return whether there is something under a name `REVISION:PATH`.

    Raises:
        SourceUnreadableError: there is no git, or no repository.
    """
    return _object(name) is not None


def files_at(revision: str, folder: str) -> tuple[str, ...]:
    """Return the files below a folder as they were at a revision, by their names from the working directory.

    Raises:
        SourceUnreadableError: there is no git, no repository, or no such revision.
    """
    commit = _object(f"{revision}^{{commit}}") or ""
    listed = _git(
        *("ls-tree", "-r", "-z", "--name-only", commit, "--", f"{Path(os.path.relpath(folder)).as_posix()}/"),
        source=folder,
    )
    return tuple(filter(None, listed.decode("utf-8", "surrogateescape").split("\0")))


SHALLOW = "this copy of the repository is shallow: `git fetch --unshallow` gets the rest"


def is_shallow(folder: str = ".") -> bool:
    """Return whether a repository has the newest revisions alone, as CI copies them.

    Raises:
        SourceUnreadableError: there is no git, or no repository.
    """
    answer = _git("rev-parse", "--is-shallow-repository", source=folder, folder=Path(folder))
    return answer.strip() == b"true"


def history_of(file: Path) -> FileHistory:
    """Return the revisions at which a file changed, followed over its renames.

    Args:
        file: in the working directory of a repository.

    Raises:
        SourceUnreadableError: there is no git or no repository, or the file is in none of its revisions.
    """
    folder, name = file.parent, str(file)
    if not folder.is_dir():
        raise SourceUnreadableError(file, "No such file or directory")
    listed = _git(
        "log",
        "--first-parent",
        "--follow",
        "--no-ext-diff",
        "--no-textconv",
        "--no-show-signature",
        f"--max-count={_MOST_REVISIONS}",
        "-z",
        "--format=%H%x02%cI%x02%s",
        "--name-only",
        "--",
        file.name,
        source=name,
        folder=folder,
    )
    revisions = tuple(_revisions(listed.decode("utf-8", "surrogateescape").split("\0")))
    if not revisions:
        raise SourceUnreadableError(file, "git has no revision of it on this branch; commit it first")
    cut = SHALLOW if is_shallow(str(folder)) else ""
    if len(revisions) == _MOST_REVISIONS:
        cut = f"only the newest {_MOST_REVISIONS:,} revisions were looked at"
    return FileHistory(revisions, cut)


def name_then(file: Path, revision: str) -> str | None:
    """Return what a file was called at a revision, from the working directory; `None` where it was not there.

    A file that is still there under that name is another one, of which this one was begun as a copy.

    Args:
        file: in the working directory of a repository.
        revision: one before it was called as it is.

    Raises:
        SourceUnreadableError: there is no git, no repository, or no history of the file.
    """
    names = dict.fromkeys(known.path for known in history_of(file).revisions)
    found = next((name for name in names if _object(f"{revision}:{name}") is not None), None)
    if found is None:
        return None
    here = (
        _git("rev-parse", "--show-prefix", source=str(file)).decode("utf-8", "surrogateescape").rstrip("\n")
    )
    name = Path(os.path.relpath(found, here or ".")).as_posix()
    return None if os.path.lexists(name) else name


def _revisions(parts: list[str]) -> list[Revision]:
    """Return the revisions of git's list: of each a head, and behind a line break the name of the file."""
    found: list[Revision] = []
    head: list[str] = []
    for part in parts:
        if part.startswith("\n") and head:
            commit, date, subject = head
            found.append(Revision(commit, date, subject, part[1:]))
        else:
            head = part.split("\x02", 2) if part.count("\x02") > 1 else []
    return found


def _object(name: str) -> str | None:
    """Return the id of what a revision has at a path; `None` where there is nothing."""
    answer = _git(
        "rev-parse", "--verify", "--quiet", "--end-of-options", name, source=name, fails=True
    ).strip()
    return answer.decode() if _OBJECT.fullmatch(answer) else None


def _nothing_there(name: str, revision: str, path: str) -> UsageError:
    """Say whether it is the revision or the file that there is not."""
    if revision and not is_revision(revision):
        if is_shallow():
            return shallow_without(revision)
        return UsageError(
            f"there is no revision `{_shown(revision)}`",
            "a revision is a branch, a tag, a commit, or one counted back from these",
            "write it as for git: `HEAD~3`, `main`, `v1.2`; a shallow copy has the newest ones alone",
            place=_shown(name),
        )
    listed = _git(
        "ls-tree", "-r", "-z", "--name-only", "--full-tree", revision or "HEAD", source=name, fails=True
    )
    names = [
        entry for entry in listed.decode("utf-8", "replace").split("\0") if entry.endswith((".yaml", ".yml"))
    ]
    where = f"revision `{_shown(revision)}`" if revision else "what is staged"
    return UsageError(
        f"`{_shown(path)}` is not in {where}",
        "the path is read from the top of the repository, and then from this folder",
        "if the file was renamed since, give its name of then; `git log --follow` has it",
        place=_shown(name),
        candidates=names,
    )


def shallow_without(revision: str) -> UsageError:
    """Return what to say of a revision that a shallow copy does not have."""
    return UsageError(
        f"there is no revision `{_shown(revision)}` here",
        "this copy of the repository is shallow: it has the newest revisions alone, as CI copies them",
        "`git fetch --unshallow origin` gets the rest; in GitHub Actions, give actions/checkout `fetch-depth: 0`",
        place=_shown(revision),
    )


def _git(
    *arguments: str, source: str, folder: Path | None = None, fails: bool = False, most: int | None = None
) -> bytes:
    """Return what git writes.

    Args:
        *arguments: the command, none of it a repository's own words but names behind `--` or `--end-of-options`.
        source: what is looked for, for messages.
        folder: where; the working directory by default.
        fails: whether a failure is an answer too: that there is nothing.
        most: bytes to read; one more shows whoever checks it that there are more.

    Raises:
        SourceUnreadableError: there is no git, no repository, or git refuses.
    """
    import subprocess  # only where a revision is asked for

    place = in_one_line(source)
    command = ["git", *SHOWS_ONLY, "-C", str(folder or "."), *arguments]
    try:
        with subprocess.Popen(  # noqa: S603  our words; names are objects or behind a mark that ends options
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **FETCHES_NOTHING},
        ) as process:
            try:
                if most is not None and process.stdout is not None:
                    answer, said = process.stdout.read(most + 1), b""
                    if len(answer) > most:
                        process.kill()
                        return answer
                    said = process.stderr.read() if process.stderr is not None else b""
                    process.wait(_SECONDS)
                else:
                    answer, said = process.communicate(timeout=_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise SourceUnreadableError(place, f"git gave no answer within {_SECONDS} s") from None
    except OSError as error:
        reason = "git is not installed" if isinstance(error, FileNotFoundError) else str(error)
        raise SourceUnreadableError(place, f"{reason}, and a revision is read with it") from None
    except ValueError:  # a NUL in a name
        raise SourceUnreadableError(place, "there can be no file of that name") from None
    if process.returncode == 0 or (fails and not _REFUSED.search(said)):
        return answer if process.returncode == 0 else b""
    raise SourceUnreadableError(place, _reason(said))


_REFUSED = re.compile(rb"not a git repository|dubious ownership|unsafe repository|cannot change to")


def _reason(said: bytes) -> str:
    """Return why git refuses, in its own words but for the commonest ones."""
    if b"not a git repository" in said:
        return "this folder is in no git repository"
    first = said.decode("utf-8", "replace").strip().splitlines() or ["git failed"]
    return in_one_line(first[0].removeprefix("fatal: "))[:300]


def _shown(name: str) -> str:
    return in_one_line(name[:120])
