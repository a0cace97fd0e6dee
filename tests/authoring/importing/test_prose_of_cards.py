"""What a card says in sentences: scores and figures of training are listed with their line, limits are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.authoring.importing.cards import card
from factsheet.authoring.importing.imported import ImportOptions

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.authoring.importing.imported import Imported

CARD = """---
license: mit
---
# whisper-cy

Fine-tuned on Welsh speech (about 120 h, Common Voice 17.0). WER 38.2 on the
test split, 21.4 CER. Do not use it for legal transcripts.

Trained on one A100 for 9 hours.
"""


def read(folder: Path, text: str) -> Imported:
    file = folder / "README.md"
    file.write_text(text, encoding="utf-8")
    return card.read(str(file), ImportOptions())


def test_figures_in_sentences_are_listed_with_their_line(tmp_path: Path) -> None:
    found = read(tmp_path, CARD)
    listed = {(one.where, one.what): one.why for one in found.left_out}
    assert "performance.results" in listed["README.md:6", "word error rate 38.2"]
    assert ("README.md:6", "character error rate 21.4") in listed  # the line that the sentence begins on
    assert not any(what.startswith("Fine-tuned on Welsh") for _, what in listed)  # 120 h of speech
    assert "hardware.training" in listed["README.md:9", "Trained on one A100 for 9 hours."]
    (limit,) = [one for one in found.unclear if one.path == ("purpose", "out_of_scope")]
    assert limit.where == "README.md:7"
    assert limit.readings[0][1] == ["Do not use it for legal transcripts."]


@pytest.mark.parametrize(
    "body",
    [
        "It achieves the following results on the evaluation set:\n- Accuracy: 0.7725\n\nAn accuracy of 77.25 %.\n",
        "Version 2.1 has 110.5 million weights; see section 3.2.\n",
        "## Out-of-scope use\n\nDo not use it for legal transcripts.\n",
    ],
)
def test_what_was_taken_or_is_no_score_is_not_listed_again(tmp_path: Path, body: str) -> None:
    found = read(tmp_path, f"---\nlicense: mit\n---\n# a model\n\n{body}")
    assert not [one for one in found.left_out if "sentence" in one.why]
    assert not found.unclear
