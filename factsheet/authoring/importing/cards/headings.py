"""Say which field the heading of a card's section asks, and which the label of a line in it."""

from __future__ import annotations

import re

from factsheet.authoring.importing.reading import line_of
from factsheet.quantities.metrics import plain

_PROSE: tuple[tuple[str, str], ...] = (
    (
        r"((brief|model) )?(description|summary|overview|details|introduction)|about( (the|this) model)?",
        "overview.summary",
    ),
    (
        r"((direct|intended|primary|recommended|evaluated) )?(intended )?uses?( cases?)?",
        "purpose.applications",
    ),
    (r"(intended )?uses?( cases?)?( &| and|,)? (known )?limitations( and biase?s?)?", "purpose.applications"),
    (r"(primary )?intended users?", "purpose.intended_users"),
    (r"out[- ]of[- ]scope( uses?( cases?)?)?|misuse.*", "purpose.out_of_scope"),
    (
        r"(how (to|do i|can i) (get started|use|run|load)|usage|quick ?start|get(ting)? started|demo how to use)\b.*",
        "setup.instructions",
    ),
    (
        r"((known|biase?s?|risks?),?( and| &)? )*limitations?,?(( and| &)? (biase?s?|risks?))*",
        "limitations.known",
    ),
    (r"(biase?s? (and|&) )?risks( (and|&) mitigations)?", "limitations.risks"),
    (r"biase?s?|biases and fairness|fairness", "robustness.bias"),
    (r"ethical considerations?( .*)?|ethics", "limitations.ethics"),
    (r"training data(set)?s?|datasets?|training (and|&) evaluation data|data", "training_data.summary"),
    (r"(data )?pre-?processing.*", "training_data.preprocessing"),
    (
        r"(model )?training( details| procedure| process)?|pre-?training( procedure)?|fine-?tuning( procedure)?",
        "training.summary",
    ),
    (r"((testing|evaluation|test) data)\b.*", "test_data.summary"),
    (
        r"evaluation( results)?|(eval(uation)? )?results|performance|accuracy|quantitative analyses",
        "performance.summary",
    ),
    (r"(compute infrastructure|hardware)", "hardware.training.summary"),
)
"""Headings of the Hub's template, of Mitchell's model cards and of the cards of trainers, whole and without case."""
_LABELS: dict[str, str] = {
    "developed by": "overview.organisation",
    "model developer": "overview.organisation",
    "model developers": "overview.organisation",
    "shared by": "overview.organisation",
    "organization developing the model": "overview.organisation",
    "contact": "overview.contact",
    "language s": "overview.languages",
    "language s nlp": "overview.languages",
    "language": "overview.languages",
    "languages": "overview.languages",
    "license": "overview.licence",
    "licence": "overview.licence",
    "model version": "overview.version",
    "version": "overview.version",
    "finetuned from model": "model_architecture.base_models[]",
    "fine tuned from model": "model_architecture.base_models[]",
    "finetuned from": "model_architecture.base_models[]",
    "parent model": "model_architecture.base_models[]",
    "base model": "model_architecture.base_models[]",
    "repository": "setup.implementation",
    "hardware type": "hardware.training.accelerator",
    "hours used": "hardware.training.duration",
    "cloud provider": "hardware.training.cloud",
    "compute region": "hardware.training.region",
    "carbon emitted": "hardware.training.carbon",
    "co2 emissions in grams": "hardware.training.carbon",
}
"""Labels of lines as the Hub's template, AutoTrain and Mitchell's model cards write them, with what they answer."""
_REQUIREMENTS = frozenset({"framework versions", "software", "environments", "requirements", "dependencies"})
_CONTACT = frozenset({"contact", "model card contact", "contact information"})
_LICENCE = frozenset({"license", "licence", "licensing", "licensing information"})
_SCORES = re.compile(
    r"(?:validation|evaluation|test|eval) (?:metrics|results)|results|metrics|performance|evaluation"
)
_RECIPE = re.compile(
    r".*hyper ?parameters?.*|(?:training|fine ?tuning) (?:parameters|config(?:uration)?|arguments|settings)"
)
_NUMBERED = re.compile(r"^(?:[\d.]+|[ivx]+\.)\s+")


_CALLED = re.compile(r"^(?:model card(?: for| of)?\s*[:–-]?|about)\s+|\s+model card$", re.IGNORECASE)
_GENERIC = frozenset(
    {
        *("model", "card", "readme", "the", "my", "trained", "using", "autotrain", "overview", "about"),
        *("id", "name", "information", "details"),
    }
)
"""Words of first headings that call no model by its name."""
_MOST_WORDS = 8
"""Of a heading that is a name, and no sentence."""


def name_in(heading: str) -> str:
    """Return what a first heading calls the model; empty where it is a template's, or a sentence."""
    words = re.sub(r"!?\[([^\]]{0,500})\]\([^)]{0,2000}\)", r"\1", re.sub(r"[*`]|\b_|_\b", "", heading))
    name = line_of(_CALLED.sub("", words)) or ""
    bare = plain(name).split()
    return name if set(bare) - _GENERIC and len(bare) <= _MOST_WORDS else ""


def title_of(heading: str) -> str:
    """Return a heading in plain words: without case, markup, numbers in front and the Hub's `[optional]`."""
    words = re.sub(r"!?\[([^\]]{0,500})\]\([^)]{0,2000}\)", r"\1", heading)
    words = re.sub(r"\[optional\]", "", words, flags=re.IGNORECASE)
    words = re.sub(r"[^\w\s,&.-]", "", words).strip().casefold()
    return _NUMBERED.sub("", words).replace(".", "").strip(" -_&,")


def field_of(title: str) -> str | None:
    """Return the path of the field that prose below a heading answers."""
    return next((path for pattern, path in _PROSE if re.fullmatch(pattern, title)), None)


def mixes_limits(title: str) -> bool:
    """Return whether what a model is for and what it is not for stand together below a heading."""
    return "limitation" in title and re.search(r"\buses?\b", title) is not None


def field_of_label(label: str) -> str | None:
    """Return the path of the field that a line with a label answers: `**Developed by:** …`."""
    return _LABELS.get(plain(re.sub(r"(?i)\[optional\]", "", label)))


def lists_requirements(title: str) -> bool:
    """Return whether what is below a heading are versions of software."""
    return title in _REQUIREMENTS


def line_of_section(title: str) -> str | None:
    """Return the path that one line below a heading answers."""
    if title in _CONTACT:
        return "overview.contact"
    return "overview.licence" if title in _LICENCE else None


def cites(title: str) -> bool:
    """Return whether what is below a heading says how to cite the model, or what is cited."""
    return re.fullmatch(r"(how to )?(cit(e|ing|ation)|bibtex|references?)\b.*", title) is not None


def holds_scores(title: str) -> bool:
    """Return whether a list of figures below a heading is one of scores."""
    return _SCORES.fullmatch(title) is not None


def holds_recipe(title: str) -> bool:
    """Return whether what is below a heading are settings of training."""
    return _RECIPE.fullmatch(plain(title)) is not None


def trains(title: str) -> bool:
    """Return whether a section is about training, so that a table in it can be of settings."""
    return field_of(title) == "training.summary" or holds_recipe(title)
