"""What became of the files of a declaration: each found by its name or its digest, changed, missing, or new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from factsheet.attestation.attested_files import FILE_ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.attestation.attested_files import AttestedFile

FileState: TypeAlias = Literal["unchanged", "changed", "missing", "not compared", "not declared"]
"""`missing`: the folder that it was in was given, and it is not there."""


@dataclass(frozen=True, slots=True)
class VerifiedFile:
    """A file of the declaration, or one that was given and is none of it."""

    name: str
    role: str
    sha256: str
    state: FileState
    stated_only: bool = False
    """Whether the signer never read it, and took the digest from the sheet."""


def compare_files(declared: Sequence[AttestedFile], given: Sequence[AttestedFile]) -> Iterator[VerifiedFile]:
    """Yield what became of each file: those declared, in their order, then those that were not declared.

    A file is held to the digest of its name first: of two that changed names, each changed. One whose name is not there
    is looked for by its digest among the rest, whatever it is called now.
    """
    states, found = {}, set()
    for role in FILE_ROLES:
        of_role = [one for one in declared if one.role == role]
        here = [one for one in given if one.role == role]
        now = _found(of_role, here)
        found |= {(role, one.name) for one in now.values()}
        for one in of_role:
            states[role, one.name] = _state(one, now, here)
    for one in declared:
        yield VerifiedFile(one.name, one.role, one.sha256, states[one.role, one.name], one.origin == "sheet")
    for one in given:
        if (one.role, one.name) not in found:
            yield VerifiedFile(one.name, one.role, one.sha256, "not declared")


def _found(declared: Sequence[AttestedFile], here: Sequence[AttestedFile]) -> dict[str, AttestedFile]:
    """Return what each declared file is now, by the name that it had."""
    names = {one.name: one for one in here}
    now = {one.name: names[one.name] for one in declared if one.name in names}
    by_digest: dict[str, list[AttestedFile]] = {}
    for one in here:
        if one.name not in now:
            by_digest.setdefault(one.sha256, []).append(one)
    for one in declared:
        if one.name not in now and by_digest.get(one.sha256):
            now[one.name] = by_digest[one.sha256].pop(0)
    return now


def _state(
    one: AttestedFile, now: dict[str, AttestedFile], here: Sequence[AttestedFile]
) -> Literal["unchanged", "changed", "missing", "not compared"]:
    if one.name in now:
        return "unchanged" if now[one.name].sha256 == one.sha256 else "changed"
    if one.origin == "sheet":  # which names one file: what is given in its place is another
        return "changed" if here else "not compared"
    folder, slash, _ = one.name.partition("/")
    given = slash and (
        any(other.name.startswith(f"{folder}/") for other in here)
        # Or it is called otherwise by now: others of it were found in a folder.
        or any(name.startswith(f"{folder}/") and "/" in other.name for name, other in now.items())
    )
    return "missing" if given else "not compared"
