"""Rules on drift, layouts, names and repeated sentences: where each begins to find, by its own words."""

from __future__ import annotations

import pytest
from one_rule import findings, messages

from factsheet.checks.registry import RULES

BY_ID = {rule.id: rule for rule in RULES}


def drift(interval: str, *points: str, more: str = "") -> str:
    curve = ", ".join(f"{{{point}}}" for point in points)
    listed = f"over_time: [{curve}]" if points else ""
    parts = ", ".join(part for part in ("metric: accuracy", more, listed) if part)
    return f"performance: {{refresh_interval: {interval}}}\nrobustness: {{{parts}}}\n"


HOUR, DAY, WEEK = (
    "after: 1.0 h, score: 90.00 %",
    "after: 24.0 h, score: 89.00 %",
    "after: 168.0 h, score: 85.00 %",
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # The last time that was evaluated, 168 h, within its digits.
        (drift("168.0 h", HOUR, DAY, WEEK), []),
        (drift("168.1 h", HOUR, DAY, WEEK), []),  # 168.05 to 168.15 h touches 167.95 to 168.05 h
        (
            drift("168.3 h", HOUR, DAY, WEEK),
            ["the interval is 168.3 h, but scores over time end after 168.0 h"],
        ),
        # 1.00 of a point at 24 h, 5.00 at 168 h.
        (drift("24.0 h", HOUR, DAY, WEEK, more="accepted_loss: 1.00 %"), []),
        (
            drift("24.0 h", HOUR, DAY, WEEK, more="accepted_loss: 0.50 %"),
            ["the interval is 24.0 h, but 1 % is lost after 24.0 h, more than the accepted 0.50 %"],
        ),
        (drift("20.0 h", HOUR, DAY, WEEK, more="accepted_loss: 0.50 %"), []),
        (
            drift("168.0 h", HOUR, DAY, WEEK, more="accepted_loss: 0.50 %"),
            ["the interval is 168.0 h, but 1 % is lost after 24.0 h, more than the accepted 0.50 %"],
        ),
        (drift("168.0 h", HOUR, DAY, WEEK, more="drift_loss: 5.00 %"), []),
        (
            drift("168.0 h", HOUR, DAY, WEEK, more="drift_loss: 3.00 %"),
            [
                "3.00 % is said to be lost until the refresh after 168.0 h, but 5 % is lost after 168.0 h already"
            ],
        ),
        (
            drift("168.0 h", HOUR, DAY, WEEK, more="drift_loss: 7.00 %"),
            [
                "7.00 % is said to be lost until the refresh after 168.0 h, but from 90.00 % to 85.00 % only 5 % is"
            ],
        ),
        (drift("100.0 h", HOUR, DAY, WEEK, more="drift_loss: 7.00 %"), []),  # nothing was evaluated then
        (drift("1.0 h", HOUR, DAY, WEEK, more="drift_loss: 7.00 %"), []),  # a single point has lost nothing
        # As a loss or as a change.
        (drift("168.0 h", HOUR, DAY, WEEK, more="drift_loss: -5.00 %"), []),
        (drift("168.0 h", more="drift_loss: 2.00 %, accepted_loss: 2.00 %"), []),
        (
            drift("168.0 h", more="drift_loss: 2.02 %, accepted_loss: 2.00 %"),
            ["2.02 % is lost until the weights are programmed again, more than the accepted 2.00 %"],
        ),
        (drift("168.0 h", more="drift_loss: 2.01 %, accepted_loss: 2.00 %"), []),  # 2.005 is within both
        (drift("168.0 h", more="drift_loss: 3.00 %"), []),
    ],
)
def test_the_interval_of_programming_and_what_is_lost_until_then(text: str, found: list[str]) -> None:
    assert messages(BY_ID["FS216"], text) == found


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ("refresh_reference: first time point, refresh_from_first: 168.0 h", []),
        (
            "refresh_reference: first time point, refresh_from_first: 24.0 h",
            [
                (
                    "the interval is 168.0 h, but counted from the first time point, as `refresh_reference` has it,"
                    " it is 24.0 h"
                )
            ],
        ),
        ("refresh_reference: digital model, refresh_from_first: 24.0 h", []),
        (
            "refresh_reference: digital model, refresh_from_digital: 24.0 h",
            [
                (
                    "the interval is 168.0 h, but counted from the digital model, as `refresh_reference` has it, it is"
                    " 24.0 h"
                )
            ],
        ),
        ("refresh_from_first: 24.0 h", []),
        (
            "refresh_chips: mean over chips, refresh_share: 90 %",
            ["a share of chips goes with an interval that is said to be that of the mean over chips"],
        ),
        ("refresh_chips: share of chips, refresh_share: 90 %", []),
        ("refresh_chips: mean over chips", []),
    ],
)
def test_what_an_interval_is_counted_from(fields: str, found: list[str]) -> None:
    text = f"performance: {{refresh_interval: 168.0 h, {fields}}}\n"
    assert messages(BY_ID["FS216"], text) == found


def said(*sentences: str) -> str:
    first, *others = sentences
    known = "".join(f"    - '{sentence}'\n" for sentence in others)
    return f"performance: {{summary: '{first}'}}\nlimitations:\n  known:\n{known}"


LOWER = "Accuracy on the chip is {} lower without noise in training."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (said(LOWER.format("4.4 %"), LOWER.format("4.4 %")), []),
        (said(LOWER.format("4.4 %"), LOWER.format("4.4 points")), []),
        (
            said(LOWER.format("4.4 %"), LOWER.format("44 %")),
            ["the text says 44 % lower, and elsewhere 4.4 % of the same"],
        ),
        # 4.45 is in both 4.4 ± 0.05 and 4.5 ± 0.05.
        (said(LOWER.format("4.4 %"), LOWER.format("4.5 %")), []),
        (
            said(LOWER.format("4.4 %"), LOWER.format("4.4 %"), LOWER.format("44 %")),
            ["the text says 44 % lower, and elsewhere 4.4 % of the same"],
        ),
        # Another direction, another figure or name beside it, or too few words in common.
        (said(LOWER.format("4.4 %"), LOWER.format("44 %").replace("lower", "higher")), []),
        (said(LOWER.format("4.4 %"), LOWER.format("44 %").replace("noise", "noise of 3")), []),
        (said(LOWER.format("4.4 %"), LOWER.format("44 %").replace("training", "CIFAR")), []),
        # Of accuracy, chip, lower, without, noise, training four are enough, and 0.6 of the fewer.
        (
            said(LOWER.format("4.4 %"), "Accuracy on the chip is 44 % lower without noise."),
            ["the text says 44 % lower, and elsewhere 4.4 % of the same"],
        ),
        (said(LOWER.format("4.4 %"), "Accuracy on the chip is 44 % lower."), []),
        (
            said(
                LOWER.format("4.4 %"),
                "Accuracy on the chip is 44 % lower where one reads cells often by hand.",
            ),
            [],
        ),
        (said("Accuracy is 4.4 % lower, and on the chip 44 % lower.", "Nothing."), []),  # one text
        (said(LOWER.format("4.4 %"), "Unlike others, " + LOWER.format("44 %")), []),
        (
            said("Unlike others, " + LOWER.format("3 %"), LOWER.format("4.4 %"), LOWER.format("44 %")),
            ["the text says 44 % lower, and elsewhere 4.4 % of the same"],
        ),
    ],
)
def test_a_sentence_said_twice(text: str, found: list[str]) -> None:
    assert messages(BY_ID["FS610"], text) == found


TRAINED = "hwa_training: {noise_applied_in: %s, summary: '%s'}\n"


@pytest.mark.parametrize(
    ("stated", "sentence", "found"),
    [
        ("forward pass", "Noise is drawn for the forward and the backward pass.", True),
        ("forward pass", "Noise is drawn for both passes.", True),
        ("forward pass", "Noise is drawn for the forward pass only.", False),
        ("forward pass", "Gradients are computed in the forward and the backward pass.", False),
        ("forward pass", "Gradients are computed in both passes. Noise is drawn for both passes.", True),
        ("forward pass", "No noise is drawn for both passes.", False),
        ("forward pass", "Unlike others, noise is drawn for both passes.", False),
        ("forward and backward pass", "Noise is drawn only in the forward pass.", True),
        ("forward and backward pass", "The backward pass is free of noise.", True),
        ("forward and backward pass", "Unlike others, noise is drawn only in the forward pass.", False),
        ("forward and backward pass", "Noise is drawn for both passes.", False),
    ],
)
def test_where_noise_is_added(stated: str, sentence: str, found: bool) -> None:
    several = messages(BY_ID["FS609"], TRAINED % (stated, sentence))
    assert bool(several) is found
    assert all(one.endswith(f", and the sheet states that noise is added in the {stated}") for one in several)


@pytest.mark.parametrize(
    ("model", "sentence", "found"),
    [
        ("BERT-base", "This BERT-large model is there.", ["BERT-large"]),
        ("BERT-base", "This BERT-base model is there.", []),
        ("BERT-base", "This BERT model is there.", []),
        ("BERT", "This BERT-large model is there.", []),  # of the family, whatever its size
        ("BERT-base", "This ALBERT model is there.", ["ALBERT"]),
        ("BERT-base", "This ALBERT model is compared with it.", []),
        ("BERT-base", "An ALBERT model is known. This ALBERT model is there.", []),
        ("BERT-base", "The ALBERT model is there.", []),
        ("BERT-base", "It describes the ALBERT model.", ["ALBERT"]),
        ("GPT-2", "This GPT-3 model is there.", ["GPT-3"]),
        ("GPT-2", "This GPT2 model is there.", []),
        ("ResNet-50", "This ResNet18 model is there.", ["ResNet18"]),
        ("KWS-LSTM", "This LSTM model is there.", []),
        ("BERT-base", "Our U-Net network is there.", ["U-Net"]),
        ("BERT-base", "Our bert network is there.", []),
        ("GPT-2", "This BERT-base model and this BERT-large network are there.", ["BERT-base", "BERT-large"]),
        # Titles that share no word with the sheet.
        ("BERT-base", "It documents the Audio Classifier.", ["Audio Classifier"]),
        ("BERT-base", "It documents the Audio Classifier. It takes audio.", []),
        ("BERT-base", "It documents the Linear Classifier.", []),
        ("BERT-base", "It is not the Audio Classifier.", []),
        ("BERT-base", "It documents the Phrase Detector.", []),
        ("BERT-base", "It documents the Phrase Detector model.", ["Phrase Detector"]),
    ],
)
def test_names_of_other_models(model: str, sentence: str, found: list[str]) -> None:
    text = (
        f"factsheet: 1\noverview: {{name: Example, model: {model}}}\nlimitations: {{known: ['{sentence}']}}\n"
    )
    assert messages(BY_ID["FS601"], text) == [
        f"`{name}` is not the model of this sheet, which is {model}" for name in found
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("limitations: {known: [TBD]}\n", ["`TBD` is not an answer"]),
        ("limitations: {known: [It is TBD.]}\n", ["`TBD` is not an answer"]),
        (
            "limitations: {known: [It is (TBD) and TODO.]}\n",
            ["`TBD` is not an answer", "`TODO` is not an answer"],
        ),
        ("limitations: {known: [It is good.]}\n", []),
        ("limitations: {known: ['It is ??.']}\n", ["`??` is not an answer"]),
        ("limitations: {known: ['It is, is it?']}\n", []),
        (
            "limitations: {known: ['They are good at [insert what], and at more.']}\n",
            ["`[insert what]` is not an answer"],
        ),
        ("limitations: {known: ['It is [this].']}\n", []),
        ("parameters: {power: {not_disclosed: TBD}}\n", ["`TBD` is not a reason"]),
        ("parameters: {power: {not_disclosed: It is secret.}}\n", []),
        (
            "overview: {name: E, model: M, contact: someone@example.org}\n",
            ["`someone@example.org` is an address for examples: nobody is reached by it"],
        ),
        ("overview: {name: E, model: M, contact: someone@example.org, summary: It is fictitious.}\n", []),
    ],
)
def test_what_is_no_answer(text: str, found: list[str]) -> None:
    whole = f"factsheet: 1\n{text}" if text.startswith("overview") else text
    assert messages(BY_ID["FS604"], whole) == found


PERCEPTRON = "model_architecture: {mlp: {sizes: [%s]}, layout: {%s}}\n"


@pytest.mark.parametrize(
    ("sizes", "layout", "found", "help"),
    [
        (
            "8, 8, 4",
            "digital: [layer.9.dense]",
            ["`layer.9.dense` fits no layer of the declared network"],
            "there are `layer.0.dense`, `layer.1.dense`",
        ),
        ("8, 8, 4", "digital: [layer.0.dense]", [], ""),
        ("8, 8, 4", "digital: [layer.0.dense], analog: [layer.1.dense]", [], ""),
        (
            "8, 8, 4",
            "digital: [layer.0.dense], analog: [layer.0.dense]",
            ["`layer.0.dense` is called digital and analog"],
            "make one",
        ),
        (
            "8, 8, 8, 4",
            "digital: ['layer.*'], analog: ['layer.*']",
            ["`layer.0.dense` is called digital and analog, and so are 2 more layers"],
            "make one",
        ),
        # Eight are listed, of nine the last is counted.
        (
            ", ".join("8" * 9),
            "digital: [layer.9.dense]",
            ["`layer.9.dense` fits no layer of the declared network"],
            "`layer.6.dense`, `layer.7.dense`",
        ),
        (
            ", ".join("8" * 10),
            "digital: [layer.99.dense]",
            ["`layer.99.dense` fits no layer of the declared network"],
            "`layer.7.dense` and 1 more",
        ),
    ],
)
def test_a_layout_and_the_layers_that_it_names(sizes: str, layout: str, found: list[str], help: str) -> None:  # noqa: A002
    several = findings(BY_ID["FS253"], PERCEPTRON % (sizes, layout))
    assert [one.message for one in several] == found
    assert all(help in one.help for one in several)


@pytest.mark.parametrize(
    ("url", "key", "text"),
    [
        ("https://doi.org/10.1038/s41586-023-06337-5", "doi", "10.1038/s41586-023-06337-5"),
        ("https://doi.org/10.1000/a;b", "doi", '"10.1000/a;b"'),
        ("https://arxiv.org/abs/1901.00010", "arxiv", '"1901.00010"'),
        ("https://example.org/1901.00010", "", ""),
    ],
)
def test_an_identifier_in_an_address(url: str, key: str, text: str) -> None:
    several = findings(BY_ID["FS508"], f"references: [{{id: a, title: A, url: '{url}'}}]\n")
    assert [one.help for one in several] == ([f"write `{key}: {text}`"] if key else [])
    assert [[change.text for change in one.changes] for one in several] == ([[key, text]] if key else [])
    stated = f"references: [{{id: a, title: A, url: '{url}', doi: 10.1000/b}}]\n"
    assert findings(BY_ID["FS508"], stated) == []
