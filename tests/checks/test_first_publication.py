"""The BERT FactSheet as first published: its errata are found, each on its line, and its right figures are not."""

from __future__ import annotations

from pathlib import Path

from factsheet.checks.engine import check_document
from factsheet.source.loader import read_sheet

SHEET = Path(__file__).parent / "published" / "bert-as-first-published.yaml"

# Errata of the FactSheet (Dominique et al., appendix "BERT FactSheet"), by what their line holds here: another sheet's
# model in the overview; "Person/Spearman corr." and "Spearma" for metrics; times, power and efficiency without a batch.
SLIPS = {
    ("how the Audio Classifier model", "FS601"),
    ("correlation, STS-B by the Person/Spearman", "FS602"),
    ("metric: Spearma,", "FS602"),
    ("  power: {value: 3.13 W", "FS208"),
    ("  classification_time: {value: 0.19 ms", "FS208"),
    ("  energy_efficiency: 6589", "FS208"),
    # The strength of each noise and bound is a bare number: relative to what is not said.
    ("  weight_noise: {value: 1.0", "FS251"),
    ("  read_noise: 0.0175", "FS251"),
    ("  adc_noise: 0.04", "FS251"),
    ("  input_bound: 3.0", "FS251"),
    ("  output_bound: 10.0", "FS251"),
}


def test_the_errata_of_the_first_publication_are_found_and_nothing_else() -> None:
    lines = SHEET.read_text(encoding="utf-8").splitlines()
    places = {
        (number, rule) for words, rule in SLIPS for number, line in enumerate(lines, start=1) if words in line
    }
    assert len(places) == len(SLIPS)
    found = check_document(read_sheet(SHEET), SHEET.name).diagnostics
    assert {(item.line, item.rule_id) for item in found} == places
