"""What a sheet still owes its readers: each fact with its question, who asks for it, who could answer it, and how.

The list is that of the checks: core fields of the roles' needs (FS401) and the demands of a stage (FS402) that have
neither an answer nor a reason why there is none. Of a sheet that is to be published, keys that somebody has left
without a value are questions too, such as what a source says and could mean two things.
"""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.authoring.field_catalogue import entries_at
from factsheet.checks.completeness import completeness, unmet_demands
from factsheet.errors import FactsheetError
from factsheet.facts.section import Record
from factsheet.recompute.engine import recompute
from factsheet.reports.markdown_words import escape, inert_markdown
from factsheet.reports.review_short import NOTHING_SHORT, SHORT_TITLE, short_lines
from factsheet.reports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from factsheet.readers.roles import RoleName
    from factsheet.readers.stages import StageName
    from factsheet.reports.review_short import ShortFacts
    from factsheet.sheet.model import SheetFields

SCHEMA = "factsheet.todo/1"
_SOURCE = "Tables and sections are those of the FactSheet study, whose authors asked each role what it needs to know."
_COMMANDS: Mapping[str, str] = {
    "model_architecture.summary": "`factsheet inspect MODEL --as-yaml` gives the network as this section",
    "robustness.noise": "`factsheet simulate MODEL` gives scores under the noise of a device",
    "robustness.drift": "`factsheet simulate MODEL --write SHEET` puts scores over time into the sheet",
    "performance.refresh_interval": "`factsheet simulate MODEL --write SHEET` works it out from an accepted loss",
}
"""Fields that a command works out from the model, which the sheet alone does not hold."""


class OwedFact(NamedTuple):
    """A fact that a sheet neither states nor explains the absence of.

    Attributes:
        path: where it belongs; alternatives are joined by ` or `.
        question: the question that it answers.
        example: the key with a value, as YAML.
        asked_by: who asks for it, each with the source.
        owed_by: who could answer it: a producer that the sheet names, else a role.
        stage: the first stage that cannot do without it; empty where only a role asks.
        how: the command that works it out, with what it gives; empty where somebody has to be asked.
        form: how an answer is written.
    """

    path: str
    question: str
    example: str
    asked_by: tuple[str, ...]
    owed_by: str
    stage: str
    how: str
    form: str

    @property
    def answer(self) -> str:
        """What an answer looks like: its form, and an example with its unit."""
        example = self.example.partition(": ")[2]
        fence = "``" if "`" in example else "`"
        return f"{re.sub(r', such as `[^`]*`', '', self.form)}, for example {fence}{example}{fence}"


def owed_facts(
    sheet: SheetFields,
    *,
    name: str = "SHEET",
    roles: Sequence[RoleName] | None = None,
    stage: StageName = "published",
) -> tuple[OwedFact, ...]:
    """Return what a sheet owes at a stage, in the order of its fields.

    Args:
        sheet: the sheet.
        name: its file, for the commands.
        roles: whose needs; of every reader by default.
        stage: the stage that it is to reach.
    """
    audience = sheet.audience
    readers = audience.role_names if roles is None else audience.among(roles)
    asked, first = _asked(sheet, readers, stage)
    if stage == "published" and readers == audience.role_names:
        known = {field for fields in asked for field in fields}
        asked |= {
            (field,): {_EMPTY: []}
            for field in _empty_keys(sheet, "", type(sheet))
            # Of a mapping without a value, what is asked for of it is a question, and not the whole once more.
            if not any(one == field or one.startswith((f"{field}.", f"{field}[")) for one in known)
        }
    computed = _computed(sheet)
    owed = (
        _owed(
            sheet,
            fields,
            tuple(
                f"{', '.join(readers)} ({reason})" if readers else reason
                for reason, readers in reasons.items()
            ),
            first.get(fields, ""),
            computed=computed,
            name=name,
        )
        for fields, reasons in asked.items()
    )
    return tuple(sorted(owed, key=lambda fact: _order(type(sheet), fact.path)))


_EMPTY = "the sheet, whose key has no value"


def _empty_keys(value: object, above: str, model: type[SheetFields]) -> Iterator[str]:
    """Yield the keys without a value, as fields of the schema."""
    if isinstance(value, list | tuple):
        for row in value:
            yield from _empty_keys(row, f"{above}[*]", model)
    elif isinstance(value, Record):
        for name in type(value).model_fields:
            field, inner = f"{above}.{name}".lstrip("."), getattr(value, name)
            if inner is None and name in value.model_fields_set and entries_at(field, model):
                yield field
            yield from _empty_keys(inner, field, model)


def _asked(
    sheet: SheetFields, roles: Sequence[RoleName], stage: StageName
) -> tuple[dict[tuple[str, ...], dict[str, list[str]]], dict[tuple[str, ...], str]]:
    """Return what checks ask for: the readers by reason, of each fact, and the stage that it is needed at."""
    asked: dict[tuple[str, ...], dict[str, list[str]]] = {}
    first: dict[tuple[str, ...], str] = {}
    for role in roles:
        for need in completeness(sheet, role).unmet(stage):
            for field in need.missing:
                reason = f"{need.title}, {_source(need.why)}"
                readers = asked.setdefault((field,), {}).setdefault(reason, [])
                who = sheet.audience.people(role)
                readers += [who] if who not in readers else []
    for unmet in unmet_demands(sheet, stage):
        for alternatives in unmet.missing:
            # A role may need each of what a stage takes as alternatives.
            alone: list[tuple[str, ...]] = [(field,) for field in alternatives]
            needed = [fields for fields in alone if fields in asked] or [alternatives]
            for fields in needed:
                asked.setdefault(fields, {})[unmet.demand.reason] = ["every reader"]
                first.setdefault(fields, unmet.demand.stage)
    return asked, first


def _source(why: str) -> str:
    """Return the source at the end of why a role asks for something."""
    return why[why.rfind("(") + 1 : -1]


def _owed(
    sheet: SheetFields,
    fields: tuple[str, ...],
    asked_by: tuple[str, ...],
    stage: str,
    *,
    computed: Mapping[str, str],
    name: str,
) -> OwedFact:
    entry = entries_at(fields[0], type(sheet))[0]
    return OwedFact(
        path=" or ".join(field.replace("[*]", "[…]") for field in fields),
        question=entry.question,
        example=entry.example_line,
        asked_by=asked_by,
        owed_by=sheet.audience.supplier(sheet.producers, fields[0].replace("[*]", "")),
        stage=stage,
        how=next(filter(None, (_how(field, computed, name) for field in fields)), ""),
        form=entry.form,
    )


def _how(field: str, computed: Mapping[str, str], name: str) -> str:
    # A file's name stays inside the code that it is shown in.
    name, value = one_line(name).replace("`", "'"), computed.get(field)
    if value is not None:
        return f"`factsheet derive {name}` gives {value}"
    return _COMMANDS.get(field, "").replace("SHEET", name)


def _computed(sheet: SheetFields) -> Mapping[str, str]:
    """Return what the sheet's own figures imply, by field."""
    try:
        facts = recompute(sheet).facts
    except FactsheetError:  # nothing can be worked out of a sheet that states so little
        return {}
    found = {re.sub(r"\[\d+\]", "[*]", fact.path): fact.text for fact in facts if fact.derived is not None}
    return {path: text for path, text in found.items() if not path.startswith("derived.")}


def _order(model: type[SheetFields], path: str) -> int:
    from factsheet.authoring.field_catalogue import catalogue

    first = path.partition(" or ")[0].replace("[…]", "[*]")
    return next((index for index, entry in enumerate(catalogue(model)) if entry.path == first), -1)


def by_owner(facts: Iterable[OwedFact]) -> dict[str, list[OwedFact]]:
    """Group facts by who owes them, the one who owes most first."""
    groups: dict[str, list[OwedFact]] = {}
    for fact in facts:
        groups.setdefault(fact.owed_by, []).append(fact)
    return dict(sorted(groups.items(), key=lambda group: -len(group[1])))


def todo_text(
    name: str, facts: Sequence[OwedFact], stage: StageName, short: ShortFacts = NOTHING_SHORT
) -> str:
    """Return the list for a terminal, a paragraph for each who owes something, and what reviewers found short."""
    told = short_lines(name, short)
    if not facts:
        return "\n".join([f"{one_line(name)}: nothing is missing for the stage `{stage}`", *told])
    lines = [f"{one_line(name)}: {_count(len(facts))} missing for the stage `{stage}`"]
    for owner, owed in by_owner(facts).items():
        lines += ["", f"{one_line(owner)} ({len(owed)})"]
        for fact in owed:
            lines.append(f"  {fact.path}: {fact.question}")
            lines.append(f"    {fact.answer}")
            lines.append(f"    asked for by {'; '.join(fact.asked_by)}")
            lines += [f"    {fact.how}"] if fact.how else []
    sheet = shlex.quote(one_line(name))
    lines += [
        *told,
        "",
        *([_SOURCE] if any("Table" in asker for fact in facts for asker in fact.asked_by) else []),
        f'Answer with `factsheet set {sheet} "PATH=VALUE"`, or say why not: "PATH={{not_disclosed: reason}}".',
    ]
    return "\n".join(lines)


def todo_markdown(
    name: str, facts: Sequence[OwedFact], stage: StageName, short: ShortFacts = NOTHING_SHORT
) -> str:
    """Return the list as a Markdown checklist."""
    parts = [f"# {escape(name)}: {_count(len(facts))} missing for the stage {stage}"]
    for owner, owed in by_owner(facts).items():
        parts.append(f"## {escape(owner[:1].upper() + owner[1:])}")
        parts.append(_checklist(owed))
    if short.facts:
        parts += [f"## {SHORT_TITLE}", _short_checklist(short)]
    return "\n\n".join(parts) + "\n"


def _short_checklist(short: ShortFacts) -> str:
    lines = [
        f"- [ ] {escape(one.line)}" + "".join(f" {escape(comment)}" for comment in one.comments)
        for one in short.facts
    ]
    return "\n".join([*([escape(short.version), ""] if short.version else []), *lines])


def _checklist(facts: Sequence[OwedFact]) -> str:
    return "\n".join(
        f"- [ ] `{fact.path}`: {inert_markdown(fact.question)} Answer: {fact.answer}."
        f" Asked for by {inert_markdown('; '.join(fact.asked_by))}." + (f" {fact.how}." if fact.how else "")
        for fact in facts
    )


def todo_issues(
    name: str, facts: Sequence[OwedFact], stage: StageName, short: ShortFacts = NOTHING_SHORT
) -> str:
    """Return an issue for each who owes something, as JSON: title and body, for `gh issue create` and the like."""
    issues = [
        {
            "title": f"{one_line(name)}: {_count(len(owed))} wanted from {one_line(owner)}",
            "body": f"The sheet needs these answers to be {_called(stage)}.\n\n{_checklist(owed)}\n\n"
            "Where there is no answer, the reason is one: `{not_disclosed: …}`, `{not_applicable: …}` or"
            " `{not_evaluated: …}`.\n",
        }
        for owner, owed in by_owner(facts).items()
    ]
    if short.facts:
        count = f"{len(short.facts)} improvement{'' if len(short.facts) == 1 else 's'}"
        issues.append(
            {
                "title": f"{one_line(name)}: {count} wanted by reviewers",
                "body": f"{SHORT_TITLE}.\n\n{_short_checklist(short)}\n",
            }
        )
    return json.dumps(issues, indent=2) + "\n"


def todo_json(
    name: str,
    facts: Sequence[OwedFact],
    stage: StageName,
    tool_version: str,
    *,
    short: ShortFacts = NOTHING_SHORT,
) -> str:
    """Return the list as JSON, in ASCII. Keys are only ever added to version 1."""
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "tool": {"name": "factsheet", "version": tool_version},
        "file": one_line(name),
        "stage": stage,
        "facts": [{**fact._asdict(), "asked_by": list(fact.asked_by)} for fact in facts],
        "reviewed_version": short.version,
        "reviewed_short": [{**one._asdict(), "comments": list(one.comments)} for one in short.facts],
    }
    return json.dumps(data, indent=2) + "\n"


def _called(stage: StageName) -> str:
    return {"draft": "a draft", "review": "reviewed", "published": "published"}[stage]


def _count(number: int) -> str:
    return "1 fact" if number == 1 else f"{number} facts"
