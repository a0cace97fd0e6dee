"""Begin a template of the user's own."""

from __future__ import annotations

import re

from factsheet.errors import UsageError
from factsheet.sheet_templates.known_templates import template_from
from factsheet.sheet_templates.template import shipped_names

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_BEGUN = """\
# A template of sheets: which sections they have, which facts, and for whom. Check it with
# `factsheet template check {name}.yaml`; sheets name it with `template: {name}`, and are read by it where the settings
# list its file (`sheet-templates` under [tool.factsheet] in pyproject.toml), or with `--template {name}.yaml`.
factsheet_template: 1
name: {name}
title: FactSheet of a model on our boards
description: Sheets of models that run on small boards in the field.
hardware: digital  # or in-memory: the published designs that efficiencies are compared with; none without it

# Who reads the sheets. A role of the FactSheet study needs no more than its name: hardware-researcher,
# algorithm-designer, data-scientist, ai-engineer, software-developer, business-expert.
roles:
  data-scientist:
  field-engineer:
    title: Field engineer
    description: installs boards and keeps them running
    knows_hardware: true

sections:
  # A section of `analog-ai` can be taken over field by field, with all that checks know of these fields:
  # `factsheet fields performance` lists what there is.
  performance:
    title: Performance
    question: How good and how fast is the model on the board?
    reason: nobody installs what nobody has measured      # for messages: why a sheet has to answer it
    supplied_by: data-scientist                           # of facts that name nobody
    uses:
      summary:
      results: {{asked_by: [data-scientist], stage: review}}  # every sheet under review has to answer it
      latency_p99: {{asked_by: [field-engineer], supplied_by: field-engineer}}

  # Facts of its own have a type: text, line, lines, link, date, flag, whole, choice, count, number, score, quantity
  # (with a unit) or rows (a list, with facts of their own).
  board:
    title: Board
    question: Which board does it run on, and where?
    supplied_by: field-engineer
    asked_by: [field-engineer]
    facts:
      device:
        type: line
        description: Maker and name of the board.
        question: Which board does the model run on?
        example: Coral Dev Board Mini
        stage: draft
      idle_power:
        type: quantity
        unit: W
        least: 0 W
        most: 100 W
        because: a board that draws more is no small one    # what is outside is refused
        usual: {{least: 0.1 W, most: 10 W, source: datasheets of our boards}}  # what is outside is remarked on
        description: Power of the board while it waits.
        question: How much power does the board draw while it waits?
        example: 1.2 W
      enclosure:
        type: choice
        choices: [none, plastic, metal]
        description: What the board is in.
        question: What is the board in?
        example: metal
      sensors:
        type: rows
        description: What is attached to it.
        question: Which sensors are attached?
        example: [{{name: camera, rate: 30 frames/s}}]
        facts:
          name:
            type: line
            description: Name of the sensor.
            question: What is the sensor called?
            example: camera
          rate:
            type: quantity
            unit: frames/s
            description: Readings in a second.
            question: How often is it read?
            example: 30 frames/s
"""


def begun_template(name: str, like: str | None = None) -> str:
    """Return the text of a template that its author goes on with.

    Args:
        name: what sheets are to call it.
        like: name or file of a template that it begins as a copy of; a small example where left out.

    Raises:
        UsageError: the name is taken, or none that a sheet could give; or the other template has no file.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"`{name[:60]}` is no name for a template",
            "sheets name it, and so do commands",
            "use lower-case letters, digits, `.`, `_` and `-`, for example `edge-board`",
        )
    if name in shipped_names():
        raise UsageError(
            f"`{name}` is the name of a template that comes with the program",
            "sheets would be read by another template than the one that they name",
            f"give yours a name of its own, such as `my-{name}`",
        )
    if like is None:
        return _BEGUN.format(name=name)
    template = template_from(like)
    if template is None:
        raise UsageError(
            f"`{like}` has no file to begin with",
            "it is the model that the package itself is written for",
            "leave --like out, and take fields of it over with `uses`",
            place="--like",
        )
    text = template.document.text
    span = template.document.locate(("name",))
    return f"{text[: span.start]}{name}{text[span.end :]}"
