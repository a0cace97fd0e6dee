"""What people call facts elsewhere is pointed to its place, and another spelling of a key is corrected."""

from __future__ import annotations

import pytest

from factsheet.checks.engine import check_document
from factsheet.checks.fixing import fix_text
from factsheet.checks.settings import Settings
from factsheet.sheet.synonyms import DIMENSIONS, PLACES, SPELLINGS, plain
from factsheet.sheet.wording import SheetWording
from factsheet.source.loader import load_bytes

HEAD = "factsheet: 1\noverview: {name: Example, model: BERT-base}\n"


def advice(text: str) -> dict[str, str]:
    """The help for each unknown key, by the key."""
    found = check_document(load_bytes(text.encode(), "sheet.yaml"), "sheet.yaml").diagnostics
    return {str(item.path[-1]): item.help for item in found if item.rule_id == "FS152"}


@pytest.mark.parametrize(
    "path", sorted({path for paths in PLACES.values() for path in paths}), ids=lambda path: path
)
def test_every_place_that_is_pointed_to_exists(path: str) -> None:
    parts = tuple(part for part in path.replace("[*]", "").split("."))
    assert SheetWording().field_at(parts) is not None


def test_every_dimension_is_a_key_of_some_family() -> None:
    wording = SheetWording()
    families = wording.known_keys(("model_architecture",))
    known = {key for family in families for key in wording.known_keys(("model_architecture", family))}
    assert {name for names in DIMENSIONS.values() for name in names} <= known


def test_words_are_written_as_they_are_compared() -> None:
    assert all(plain(word) == word for word in (*PLACES, *DIMENSIONS))
    assert plain("numHiddenLayers") == plain("num-hidden_layers") == "num hidden layers"


@pytest.mark.parametrize(
    ("section", "key", "field"),
    [
        ("parameters", "latency", "execution_time"),
        ("parameters", "FLOPs", "parameters.operating_points[…].total_ops"),
        ("parameters", "batch_size", "parameters.operating_points[…].batch"),
        ("performance", "accuracy", "performance.results[…].tasks[…].scores"),
        ("performance", "latency", "classification_time"),
        ("performance", "fps", "throughput"),
        ("hwa_training", "lr", "learning_rate"),
    ],
)
def test_another_word_is_pointed_to_its_place(section: str, key: str, field: str) -> None:
    help_ = advice(f"{HEAD}{section}: {{{key}: 3}}\n")[key]
    assert field in help_
    assert "is a field of" not in help_


def test_a_dimension_of_a_config_is_known_and_not_missed_as_well() -> None:
    text = f"{HEAD}model_architecture:\n  transformer_encoder: {{num_hidden_layers: 12, heads: 12, d_model: 768}}\n"
    found = check_document(load_bytes(text.encode(), "sheet.yaml"), "sheet.yaml").diagnostics
    assert advice(text) == {
        "num_hidden_layers": "did you mean `layers`?",
        "d_model": "did you mean `hidden_size`?",
    }
    missing = [item.message for item in found if item.rule_id == "FS153"]
    assert missing == ["`model_architecture.transformer_encoder` has no `intermediate_size`"]


@pytest.mark.parametrize("american", sorted(SPELLINGS))
def test_another_spelling_is_the_same_word(american: str) -> None:
    wording, british = SheetWording(), SPELLINGS[american]
    keys = {key for section in wording.known_keys(()) for key in wording.known_keys((section,))}
    families = {
        key
        for family in wording.known_keys(("model_architecture",))
        for key in wording.known_keys(("model_architecture", family))
    }
    assert british in keys | families
    assert american not in keys | families


def test_another_spelling_is_corrected_and_the_rest_of_the_line_stays() -> None:
    text = 'factsheet: 1\noverview: {name: Example, model: BERT-base, "license" : MIT}  # a license\n'
    fixed = fix_text(load_bytes(text.encode(), "sheet.yaml"), "sheet.yaml", Settings())
    assert fixed.text == text.replace('"license"', "licence")
    assert fixed.applied == 1


def test_two_spellings_of_one_key_are_left_to_the_author() -> None:
    text = "factsheet: 1\noverview: {name: Example, model: BERT-base, licence: MIT, license: Apache-2.0}\n"
    fixed = fix_text(load_bytes(text.encode(), "sheet.yaml"), "sheet.yaml", Settings())
    assert fixed.text == text


def test_of_thousands_of_unknown_keys_only_the_first_are_compared_with_known_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[str] = []

    def close(word: str, *_: object) -> list[str]:
        compared.append(word)
        return []

    monkeypatch.setattr("factsheet.facts.misfits.get_close_matches", close)
    keys = "".join(f"  nonsense_{number}: 1\n" for number in range(5_000))
    loaded = load_bytes(f"{HEAD}parameters:\n  power: 3 W\n{keys}".encode(), "sheet.yaml")
    checked = check_document(loaded, "sheet.yaml")
    assert len(set(compared)) == 100
    assert sum(one.stands_for for one in checked.diagnostics if one.rule_id == "FS152") == 5_000
    assert checked.sheet is not None
    assert checked.sheet.parameters is not None
    assert checked.sheet.parameters.power is not None
