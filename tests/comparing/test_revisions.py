"""Texts at revisions of a real repository: what git is asked for, and what a stranger's repository cannot do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factsheet.errors import SourceUnreadableError, UsageError
from factsheet.source.decoding import DEFAULT_LIMITS
from factsheet.source.revisions import history_of, names_revision, read_revision

if TYPE_CHECKING:
    from git_repository import Repository

ONE = "factsheet: 1\noverview: {name: One, model: m}\n"
TWO = "factsheet: 1\noverview: {name: Two, model: m}\n"


def name_at(revision: str) -> str:
    document = read_revision(revision).document
    assert document is not None
    data = document.data
    assert isinstance(data, dict)
    return str(data["overview"]["name"])


def test_a_sheet_is_read_as_it_was(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository.folder / "sheets").mkdir()
    repository.commit("first", **{"sheets/a": ONE})
    repository.git("tag", "v1")
    repository.commit("second", **{"sheets/a": TWO})
    assert [name_at(f"{at}:sheets/a.yaml") for at in ("HEAD", "HEAD~1", "v1", "HEAD^{/first}")] == [
        "Two", "One", "One", "One",
    ]  # fmt: skip
    (repository.folder / "sheets" / "a.yaml").write_text(ONE, encoding="utf-8")
    repository.git("add", "-A")
    assert name_at(":sheets/a.yaml") == "One"  # staged
    monkeypatch.chdir(repository.folder / "sheets")
    assert name_at("HEAD:sheets/a.yaml") == name_at("HEAD:./a.yaml") == name_at("HEAD:a.yaml") == "Two"


def test_what_is_not_there_is_said(repository: Repository) -> None:
    repository.commit("first", bert=ONE)
    with pytest.raises(UsageError, match="there is no revision `v9`"):
        read_revision("v9:bert.yaml")
    with pytest.raises(UsageError, match=r"`brt\.yaml` is not in revision `HEAD`") as caught:
        read_revision("HEAD:brt.yaml")
    assert "bert.yaml" in caught.value.candidates
    with pytest.raises(UsageError, match="is no text at a revision"):
        read_revision("--output=stolen:bert.yaml")
    with pytest.raises(UsageError, match="is not in"):
        read_revision("HEAD:../../../etc/passwd")
    (repository.folder / "d").mkdir()
    repository.commit("second", **{"d/a": ONE})
    with pytest.raises(SourceUnreadableError, match="it is a folder"):
        read_revision("HEAD:d")


def test_the_name_of_a_file_is_no_pattern(repository: Repository) -> None:
    repository.commit("own", **{"net[1]": ONE})
    repository.commit("another's", net1=TWO)
    history = history_of(repository.folder / "net[1].yaml")
    assert [revision.subject for revision in history.revisions] == ["own"]


def test_outside_a_repository_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(SourceUnreadableError, match="in no git repository"):
        read_revision("HEAD:a.yaml")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SourceUnreadableError, match="git is not installed"):
        read_revision("HEAD:a.yaml")


def test_a_text_that_is_too_large_is_not_read_to_its_end(repository: Repository) -> None:
    repository.commit("first", a=ONE + "# " + "x" * 5000)
    loaded = read_revision("HEAD:a.yaml", limits=DEFAULT_LIMITS._replace(bytes=1000))
    assert loaded.document is None
    assert loaded.problems


@pytest.mark.parametrize(
    ("name", "it_is"),
    [("HEAD:a.yaml", True), ("a.yaml", False), (":a.yaml", True), ("HEAD:", False), ("x{:}y", False)],
)
def test_a_name_is_that_of_a_revision(name: str, *, it_is: bool) -> None:
    assert names_revision(name) == it_is


def test_a_file_with_a_colon_is_a_file(repository: Repository) -> None:
    (repository.folder / "HEAD:a.yaml").write_text(ONE, encoding="utf-8")
    assert not names_revision("HEAD:a.yaml")


def test_a_history_follows_the_file_over_renames(repository: Repository) -> None:
    repository.commit("first", a=ONE)
    repository.commit("another file", other=TWO)
    repository.commit("second \x01\x02 subject", a=TWO)
    repository.git("mv", "a.yaml", "b.yaml")
    repository.git("commit", "-q", "-m", "renamed")
    repository.commit("third", b=ONE)
    history = history_of(Path("b.yaml"))
    assert [(r.subject.split()[0], r.path) for r in history.revisions] == [
        ("third", "b.yaml"), ("renamed", "b.yaml"), ("second", "a.yaml"), ("first", "a.yaml"),
    ]  # fmt: skip
    assert [name_at(r.name) for r in history.revisions] == ["One", "Two", "Two", "One"]
    assert not history.cut_short
    assert history.revisions[0].date.startswith("2026-01-")


def test_a_merge_counts_where_it_was_merged(repository: Repository) -> None:
    repository.commit("first", a=ONE)
    repository.git("checkout", "-q", "-b", "branch")
    repository.commit("on the branch", a=TWO)
    repository.git("checkout", "-q", "main")
    repository.commit("meanwhile", other=ONE)
    repository.git("merge", "-q", "--no-ff", "-m", "merged", "branch")
    assert [r.subject for r in history_of(Path("a.yaml")).revisions] == ["merged", "first"]


def test_a_shallow_copy_says_so(repository: Repository, tmp_path: Path) -> None:
    repository.commit("first", a=ONE)
    repository.commit("second", a=TWO)
    copy = tmp_path / "copy"
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.folder}", str(copy))
    history = history_of(copy / "a.yaml")
    assert len(history.revisions) == 1
    assert "shallow" in history.cut_short


def test_a_file_without_history_is_refused(repository: Repository) -> None:
    repository.commit("first", a=ONE)
    (repository.folder / "new.yaml").write_text(ONE, encoding="utf-8")
    with pytest.raises(SourceUnreadableError, match="no revision of it"):
        history_of(Path("new.yaml"))
    with pytest.raises(SourceUnreadableError, match="No such file"):
        history_of(Path("nowhere/new.yaml"))


def test_a_strangers_repository_runs_nothing(repository: Repository) -> None:
    """Every setting that has git run a program when it shows a file, a history or a difference."""
    repository.commit("first", a=ONE)
    (repository.folder / ".gitattributes").write_text("*.yaml diff=evil filter=evil\n", encoding="utf-8")
    repository.commit("second", a=TWO)
    trap = repository.folder / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch '{repository.folder}/sprung'\ncat\n", encoding="utf-8")
    trap.chmod(0o755)
    hooks = repository.folder / "hooks"
    hooks.mkdir()
    for hook in ("post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"):
        (hooks / hook).write_bytes(trap.read_bytes())
        (hooks / hook).chmod(0o755)
    for key, value in {
        "core.fsmonitor": str(trap),
        "core.pager": str(trap),
        "pager.log": str(trap),
        "core.hooksPath": str(hooks),
        "core.sshCommand": str(trap),
        "core.editor": str(trap),
        "diff.external": str(trap),
        "diff.evil.command": str(trap),
        "diff.evil.textconv": str(trap),
        "filter.evil.smudge": str(trap),
        "filter.evil.clean": str(trap),
        "filter.evil.required": "true",
        "log.showSignature": "true",
        "gpg.program": str(trap),
        "alias.log": f"!{trap}",
        "alias.cat-file": f"!{trap}",
        "protocol.ext.allow": "always",
        "remote.origin.url": f"ext::{trap}",
        "remote.origin.promisor": "true",
        "extensions.partialClone": "origin",
    }.items():
        repository.git("config", key, value)
    sprung = repository.folder / "sprung"
    sprung.unlink(missing_ok=True)  # setting it up is the user's own doing
    assert name_at("HEAD~1:a.yaml") == "One"
    assert name_at(":a.yaml") == "Two"
    assert len(history_of(Path("a.yaml")).revisions) == len(("first", "second"))
    blob = repository.git("rev-parse", "HEAD~1:a.yaml").strip()
    sprung.unlink(missing_ok=True)
    loose = repository.folder / ".git" / "objects" / blob[:2] / blob[2:]
    loose.chmod(0o644)
    loose.unlink()  # what a partial copy lacks would be fetched, by a program of the stranger's
    with pytest.raises((SourceUnreadableError, UsageError)):
        read_revision("HEAD~1:a.yaml")
    assert not sprung.exists()
