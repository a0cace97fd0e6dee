"""What a template leaves unfilled is no answer; prose that mentions such a mark, or shows it in code, is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.checks.completeness import answer, is_given
from factsheet.facts.placeholders import is_placeholder, is_sample_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.sheet.model import SheetFields

UNFILLED = (
    "[yes/no]",
    "[Model name]",
    "[Y/N]",
    "[fe/h]",
    "TBD is the rest",
    "FIXME",
    "TODO describe",
    "FIXME: the test data",
    "Lorem ipsum dolor sit amet",
    "Lorem ipsum",
    "<your text here>",
    "your.name@example.com",
    "https://example.com",
    "{{ use }}",
    "{{ model_summary | default('', true) }}",
    "Contact: <your name>",
    "<!-- Provide a longer summary of what this model is. -->",
    "http://www.example.net",
    "[your name]",
    "[Insert description]",
    "<model name>",
    "${MODEL}",
    "YOUR_MODEL_NAME",
    "Your text here",
    "insert summary here",
    "https://github.com/your-org/your-repo",
    "https://your-domain.com/x",
    "you@company.com",
    "your.name@ibm.com",
    "TODO",
    "[More Information Needed]",
    "...",
    "{{use}}, {{ other }}",
    "Licence: {{ license }}",
    "`<your text>`",
    "<TODO>",
    "https://huggingface.co/your-username/model",
    "Not applicable",
    "not_disclosed",
    "Not provided.",
    "todo: write it",
    "Tbd (ask Anna)",
    "tbd later",
    "T.B.D.",
    "not yet available",
    "none available yet",
    "nothing yet",
    "to be specified",
    "will be added soon",
    "[add link]",
    "[URL]",
    "name@company.com",
    "https://huggingface.co/username/model",
    "https://github.com/<org>/<repo>",
    "https://arxiv.org/abs/XXXX.XXXXX",
    "/path/to/weights",
    "$MODEL",
    "Insert summary",
    "Click here to enter text.",
    "Text here",
    "[More Information Needed](https://github.com/huggingface/datasets)",
    "Needs more information",
    "A short description of your model.",
    "my-awesome-model",
    "GPU type",
    "noch offen",
    "待补充",
    "your-region",
    "YOUR COMPANY",
    "Model ID",
)
SAMPLES = (
    "https://example.org/weights.pt",
    "Jane Doe <jane@example.com>",
    "a@b.example",
    "mail@sub.example.org.",
    "http://www.example.net/a/b?c",
    "http://localhost/model",
    "http://127.0.0.1:8000/m",
)
ANSWERS = (
    "[Fe/H]",  # metallicity of stars, and other ratios of elements
    "[Mg/Fe]",
    "[C/N]",
    "[M/H]",
    "[α/Fe]",
    "[O III] 5007",
    "TBD's are none.",
    "TODOs are listed apart",
    "TODO lists of the TodoMVC benchmark, as their users wrote them.",
    "Todoist tasks",
    "A short description of leaves.",
    "GPU types are compared.",
    "todo apps",
    "None known.",
    "Not on tiles",
    "none yet",  # of a chip: that there is none is the answer
    "TBD-Net",
    "Text classification",
    "Name entity recognition",
    "[Our paper](https://arxiv.org/abs/1810.04805)",
    "contact@university.edu.au",
    "https://xxx.lanl.gov/abs/1",
    "Your own photographs of leaves, one in each.",
    "Not applicable to images above 4096 x 4096.",
    "Prompts are written as {{ question }} in the chat template of the tokenizer.",
    "Run `export TOKEN=<your token>`",
    "python run.py --token <your token>",
    "export HF=<your key>",
    "Generates lorem ipsum text for layouts",
    "Lorem ipsum generator for designers",
    "research@ibm.com",
    "https://research.ibm.com/",
    "Use it here",
    "https://github.com/IBM/aihwkit/issues",
    "Answers in your language",
    "Post to https://example.com/v1/predict and read the label from the JSON that comes back.",
    "An <s> token starts each text",
    "[BERT](https://example.org/bert) and others",
    "https://yourls.org",
    "https://github.com/user/project-x",
    "Token ids in, [CLS] out",
    "You only look once",
    "https://en.wikipedia.org/wiki/Example.com",
    "text <b>bold</b>",
    "<https://ibm.com>",
    "Enter text here and there; the model answers.",
    "Send mail to analog@zurich.ibm.com",
    "https://www.exampleco.com/",
    "classify where a person was hurt",
    "[Describe images](https://x.org)",
    "{a, b} pairs",
    "Placeholders such as <your text> are removed before training, as are links.",
)


@pytest.mark.parametrize("text", UNFILLED)
def test_what_a_template_leaves_unfilled_is_no_answer(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", SAMPLES)
def test_an_address_that_is_nobodys_is_told_apart(text: str) -> None:
    # RFC 2606, section 3: example.com, .net and .org are reserved, so that nobody is reached there.
    assert is_sample_address(text)
    assert not is_placeholder(text)


@pytest.mark.parametrize("text", ANSWERS)
def test_prose_with_such_words_is_an_answer(text: str) -> None:
    assert not is_placeholder(text)
    assert not is_sample_address(text)


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("overview.contact", "  contact: your.name@example.com"),
        ("overview.contact", "  contact: {not_disclosed: TODO}"),
        ("setup.weights", "setup: {weights: https://example.com/w.pt}"),
        ("overview.homepage", "  homepage: https://example.com"),
        ("purpose.applications", 'purpose: {applications: ["{{ use }}"]}'),
        ("references[*].title", "references: [{id: a, title: <title of it>}]"),
    ],
)
def test_an_unfilled_answer_or_reason_is_still_owed(
    path: str, written: str, make_sheet: Callable[[str], SheetFields]
) -> None:
    sheet = make_sheet(f"factsheet: 1\noverview:\n  name: A sheet\n  model: BERT\n{written}\n")
    assert not answer(sheet, path).given
    assert not is_given(sheet, path)
