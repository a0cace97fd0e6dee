"""A link or an identifier cannot be what its author meant.

What it does: checks every web address and DOI for a second `https://` inside the first, a host that exists only on the
author's own network, punctuation copied along at the end, and placeholders from publishers' templates. An address at
doi.org or arxiv.org has to name the paper that `doi` and `arxiv` name.

Why it matters: a reader who follows it finds nothing, or another paper.

Fails:
    references:
      - {id: devlin-2019, title: BERT, doi: 10.18653/v1/N19-1423, url: "https://doi.org/10.18653/v1/N18-1202"}

Passes:
    references:
      - {id: devlin-2019, title: BERT, doi: 10.18653/v1/N19-1423, arxiv: "1810.04805"}

How to fix: open the link, and copy its address from there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.diagnostic import Change, Finding
from factsheet.checks.prose import prose_of
from factsheet.checks.rule import Rule
from factsheet.checks.rules.evidence.citations import arxiv_of, doi_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.sheet.references import Reference
    from factsheet.source.document import KeyPath


class _LinkFault(NamedTuple):
    message: str
    corrected: str | None
    safe: bool = False


def _check(context: RuleContext) -> Iterator[Finding]:
    for index, reference in enumerate(context.sheet.references or ()):
        yield from _of_reference(reference, ("references", index))
    for path, fact in prose_of(context.sheet).links():
        yield from _of_address(path, fact.text or "")


def _of_reference(reference: Reference, path: KeyPath) -> Iterator[Finding]:
    if reference.doi and (fault := _of_doi(reference.doi)):
        yield _finding((*path, "doi"), fault)
    if not reference.url:
        return
    here = (*path, "url")
    yield from _of_address(here, reference.url)
    for key, stated, linked in (
        ("doi", reference.doi, doi_of(reference.url)),
        ("arxiv", reference.arxiv, arxiv_of(reference.url)),
    ):
        if stated and linked and _bare(stated) != _bare(linked):
            yield Finding(
                here,
                f"the address leads to {linked}, and `{key}` says {stated}",
                "open both, and keep the one that is meant",
                related=(((*path, key), stated),),
            )


def _bare(identifier: str) -> str:
    """Return an identifier in the form in which two are compared: without case and the version of a preprint."""
    return re.sub(r"(?<=\d)v\d+$", "", identifier.rstrip(".,;/").casefold())


def _of_address(path: KeyPath, address: str) -> Iterator[Finding]:
    fault = _doubled(address) or _host(address) or _placeholder(address) or _stuck(address)
    if fault is not None:
        yield _finding(path, fault)


def _of_doi(doi: str) -> _LinkFault | None:
    if doi[-1] in ".,;":
        return _LinkFault(f"`{doi[-1]}` at the end is not part of the DOI", doi.rstrip(".,;"), safe=True)
    return _placeholder(doi)


def _doubled(address: str) -> _LinkFault | None:
    if address.count("://") + address.count(":/") < 3:  # noqa: PLR2004  "://" counts for both
        return None
    match = re.match(r"https?://(?=https?:?/)", address, re.IGNORECASE)
    if match is None:
        return None
    rest = address[match.end() :]
    return _LinkFault("the address begins twice", rest if "://" in rest else None)


def _host(address: str) -> _LinkFault | None:
    host = address.partition("://")[2].partition("/")[0].partition("?")[0].partition("#")[0]
    host = host.rpartition("@")[2].partition(":")[0]
    if "." in host and not host.startswith("127."):
        return None
    return _LinkFault(f"`{host}` is no host that readers elsewhere can reach", None)


def _placeholder(text: str) -> _LinkFault | None:
    if "10." not in text:
        return None
    match = re.search(r"\b10\.\d{4,9}/(?:[nN]{4,}|[xX]{4,}|1122445\.1122456|1234567)\S*", text)
    return (
        None
        if match is None
        else _LinkFault(f"`{match[0]}` is a placeholder from a publisher's template", None)
    )


def _stuck(address: str) -> _LinkFault | None:
    if address[-1].isalnum() or address[-1] == "/":
        return None
    # An address may end in a full stop: that of an article on `Acme_Inc.`, for one.
    end = re.search(r"[.,;:!*]+$", address)
    if end is not None and re.search(r"(?:Inc|Ltd|Co|Corp|[SJ]r|[A-Z])\.$", address):
        return None
    if end is None and address.endswith(")") and address.count(")") > address.count("("):
        end = re.search(r"\)$", address)
    if end is None:
        return None
    return _LinkFault(f"`{end[0]}` at the end is hardly part of the address", address[: end.start()])


def _finding(path: KeyPath, fault: _LinkFault) -> Finding:
    return Finding(
        path,
        fault.message,
        "open the link, and copy its address from there"
        if fault.corrected is None
        else f"write `{fault.corrected}`",
        changes=() if fault.corrected is None else (Change(path, _as_yaml(fault.corrected)),),
        safe=fault.safe,
    )


def _as_yaml(text: str) -> str:
    return text if re.fullmatch(r"[\w./:()-]+", text) else f'"{text}"'


RULE = Rule(
    "FS506",
    "malformed-link",
    "warning",
    "a reader who follows it finds nothing, or another paper",
    _check,
)
