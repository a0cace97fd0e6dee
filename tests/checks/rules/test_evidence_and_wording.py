"""What the rules on evidence and prose say, and what their fixes write; where they find is in tests/examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.checks.engine import check_document
from factsheet.checks.fixing import apply_fixes
from factsheet.checks.settings import Settings
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from factsheet.checks.diagnostic import Diagnostic

START = "factsheet: 1\noverview: {name: Example, model: BERT-base}\n"


def found(text: str, settings: Settings | None = None) -> tuple[Diagnostic, ...]:
    return check_document(load_bytes(text.encode(), "x"), "x", settings or Settings()).diagnostics


def pointed_at(text: str) -> list[str]:
    return [text[item.span.start : item.span.end] for item in found(text) if item.span is not None]


def fixed(text: str, *, safe: bool) -> str:
    fixes = [item.fix for item in found(text) if item.fix is not None and item.fix.safe >= safe]
    return apply_fixes(text, fixes)[0]


REFERENCE = "references:\n  - {id: devlin-2019, title: BERT, "
CITED = "model_architecture: {references: [devlin-2019]}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('url: "https://doi.org/10.18653/v1/N19-1423"}', "doi: 10.18653/v1/N19-1423}"),
        ('url: "http://dx.doi.org/10.1002/(SICI)1-2"}', "doi: 10.1002/(SICI)1-2}"),
        ('url: "https://doi.org/10.1000/a{b"}', None),
        ("url: https://arxiv.org/abs/1810.04805v2}", 'arxiv: "1810.04805v2"}'),
        ('url: "https://arxiv.org/pdf/1810.04800.pdf"}', 'arxiv: "1810.04800"}'),
        ("doi: 10.18653/v1/N19-1423.}", "doi: 10.18653/v1/N19-1423}"),
    ],
)
def test_an_identifier_goes_under_its_own_key_and_stays_valid(before: str, after: str | None) -> None:
    text = START + CITED + REFERENCE + before + "\n"
    result = fixed(text, safe=True)
    assert result == (text if after is None else text.replace(before, after))
    if after is not None:
        assert found(result) == ()


def test_an_unused_reference_can_be_removed_but_not_the_last_one() -> None:
    other = "  - id: joshi-2020\n    title: Accurate inference\n    doi: 10.1038/s41467-020-16108-9\n"
    text = START + CITED + REFERENCE + "doi: 10.18653/v1/N19-1423}\n" + other
    assert fixed(text, safe=True) == text
    assert fixed(text, safe=False) == text.replace(other, "")
    alone = START + "references:\n" + other
    assert fixed(alone, safe=False) == alone


def test_a_dangling_id_is_corrected_alone_and_the_reference_that_it_means_is_not_called_unused() -> None:
    text = START + "model_architecture: {references: [devlin-2018, other]}\n"
    text += REFERENCE + "doi: 10.18653/v1/N19-1423}\n  - {id: other, title: Other, doi: 10.1000/1}\n"
    assert [(item.rule_id, item.help) for item in found(text)] == [("FS501", "did you mean `devlin-2019`?")]
    assert pointed_at(text) == ["devlin-2018"]
    assert fixed(text, safe=False) == text.replace("devlin-2018", "devlin-2019")


def test_figures_without_provenance_are_counted() -> None:
    text = START.replace("BERT-base}", "BERT-base, status: published}")
    text += "parameters:\n  power: {value: 3.13 W, at: {batch: 4}}\n  area: 780.4 mm²\n"
    everywhere = text + "performance: {refresh_interval: 4 weeks}\n"
    settings = Settings(select=("FS503",))
    (sheet,) = found(everywhere, settings)
    assert "the 3 figures of the sheet" in sheet.message
    assert [related.message for related in sheet.related] == ["1 of them here"]
    section = text + "performance: {provenance: {source: declared}, refresh_interval: 4 weeks}\n"
    section += "training_data: {provenance: {source: declared}, size: 5k}\n"
    (one,) = found(section, settings)
    assert "the 2 figures of this section" in one.message
    assert one.span is not None
    assert section[one.span.start : one.span.end] == "parameters"
    draft = everywhere.replace("published", "draft")
    assert found(draft, settings) == ()
    assert len(found(draft, Settings(select=("FS503",), stage="review"))) == 1


TABLE = START + "performance:\n  results:\n    - name: T\n      systems: [{id: a, name: A}]\n      tasks:\n"


@pytest.mark.parametrize(
    ("metric", "right"),
    [
        ("Spearma correlation", "Spearman correlation"),
        ("Spearma Co", "Spearman Co"),
        ("Person", "Pearson"),
        ("Person/Spearman corr.", "Pearson/Spearman corr."),
        ("Matthew's correlation", "Matthews correlation"),
        ("acuracy", "accuracy"),
        ("Acurracy", "Accuracy"),
        ("mean precison at 10", "mean precision at 10"),
        ("Rogue-L", "ROUGE-L"),
        ("Mathews corelations", "Matthews correlations"),
    ],
)
def test_a_misspelt_metric_is_corrected_safely_in_its_own_field(metric: str, right: str) -> None:
    text = f'{TABLE}        - {{task: t, metric: "{metric}", scores: {{a: 0.5}}}}\n'
    assert {item.rule_id for item in found(text)} == {"FS602"}
    assert fixed(text, safe=True) == text.replace(metric, right)


def test_a_misspelt_metric_in_a_text_is_left_to_its_author() -> None:
    text = START + "performance:\n  metrics: >-\n    STS-B uses\n    Person/Spearman corr.\n"
    assert pointed_at(text) == ["Person"]
    assert fixed(text, safe=True) == text
    assert fixed(text, safe=False) == text.replace("Person/", "Pearson/")


def test_another_models_name_is_pointed_at_and_replaced_only_on_request() -> None:
    text = START + "purpose: {summary: This BERT sheet is that of the Audio Classifier model.}\n"
    assert pointed_at(text) == ["Audio Classifier"]
    assert fixed(text, safe=True) == text
    assert fixed(text, safe=False) == text.replace("Audio Classifier", "BERT-base")


def test_a_project_can_add_abbreviations() -> None:
    text = START + "parameters: {ops_depend_on: The FGT and the SLX.}\n"
    assert pointed_at(text) == ["FGT", "SLX"]
    settings = Settings(options={"FS603": {"known": ("FGT", "SLX")}})
    assert found(text, settings) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "performance: {summary: It takes 0.19 s., classification_time: {value: 0.19 ms, at: {batch: 4}}}",
            "0.19 s",
        ),
        ("parameters: {area: 780.4 mm², notes: It is 780.4 cm² large.}", "780.4 cm²"),
        ("performance: {refresh_interval: 4 weeks, refresh_reason: Written every 4 months.}", "4 months"),
        (
            "parameters: {parameters: 110 million, notes: It has 11 million parameters.}",
            "11 million parameters",
        ),
        (
            "parameters: {parameters: 110 million, notes: A 340-million-parameter net.}",
            "340-million-parameter",
        ),
        (
            "performance: {refresh_interval: 4 weeks, refresh_reason: Refreshed every six days.}",
            "every six days",
        ),
    ],
)
def test_the_words_that_disagree_with_a_field_are_pointed_at(text: str, words: str) -> None:
    assert pointed_at(START + text + "\n") == [words]
    (finding,) = found(START + text + "\n")
    assert len(finding.related) == 1


@pytest.mark.parametrize(("summary", "severities"), [("A model.", ["info"]), ("A fictitious one.", [])])
def test_addresses_of_nobody_are_named_unless_the_sheet_is_made_up(
    summary: str, severities: list[str]
) -> None:
    # Domains that RFC 2606 keeps for documentation.
    text = f"factsheet: 1\noverview: {{name: A, model: A, summary: {summary}, contact: me@example.com}}\n"
    found = check_document(load_bytes(text.encode(), "x"), "x").diagnostics
    assert [one.severity for one in found if one.rule_id == "FS604"] == severities


def test_a_unit_in_prose_is_replaced_only_on_request() -> None:
    text = START + "parameters: {area: 780.4 mm², notes: It is 780.4 cm² large.}\n"
    assert fixed(text, safe=True) == text
    assert fixed(text, safe=False) == text.replace("780.4 cm²", "780.4 mm²")


def test_a_figures_section_is_corrected_on_request() -> None:
    text = (
        START
        + "model_architecture: {family: encoder}\nfigures: [{id: a, title: A, section: model_architectur}]\n"
    )
    assert pointed_at(text) == ["model_architectur"]
    assert fixed(text, safe=False) == text.replace("model_architectur}", "model_architecture}")
