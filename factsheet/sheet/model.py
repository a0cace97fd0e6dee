"""The fields of a FactSheet: all its sections in one model."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, ClassVar, Literal, Self

from factsheet.facts.plain_kinds import SchemaVersion
from factsheet.facts.section import Provenance, Record, Rows, ask
from factsheet.readers.audience import STUDY, Audience
from factsheet.sheet.architecture import ModelArchitecture
from factsheet.sheet.datasets import TestData, TrainingData
from factsheet.sheet.hardware import Hardware
from factsheet.sheet.inference import InferenceMethodology
from factsheet.sheet.overview import Overview, Purpose, Setup
from factsheet.sheet.parameters import Parameters
from factsheet.sheet.performance import Performance
from factsheet.sheet.references import Erratum, Figure, Producer, Reference, Review
from factsheet.sheet.robustness import Limitations, Robustness
from factsheet.sheet.training import HwaTraining, Training


def _summary(section: type[Record]) -> dict[str, Any]:
    """Return an example of a section: its summary alone."""
    return {"summary": next(iter(section.model_fields["summary"].examples or []))}


class SheetFields(Record):
    """The FactSheet of an analog AI model.

    Sections follow the template of the FactSheet study (Table 5), with the setup, robustness and
    limitations that its participants asked for (Table 3).
    """

    audience: ClassVar[Audience] = STUDY
    """Whom sheets of this template are written for; a model that is generated from another template has its own."""

    factsheet: Annotated[Literal[1], SchemaVersion()] = ask(
        "Version of this schema.",
        "Which version of the FactSheet schema is this sheet written in?",
        1,
        default=...,
    )
    template: Literal["analog-ai"] | None = ask(
        "Template of this sheet: what can be stated, and for which readers.",
        "By which template is this sheet written?",
        "analog-ai",
    )
    overview: Overview = ask(
        "A summary of the model and of this sheet.",
        Overview.question,
        {"name": "BERT-base on analog AI hardware", "model": "BERT-base"},
        default=...,
    )
    provenance: Provenance | None = ask(
        "Provenance of every figure whose section and self state none.",
        "Where do the figures of this sheet come from, unless they say so themselves?",
        {"source": "declared", "evidence": "factsheet-2022"},
    )
    purpose: Purpose | None = ask("What the model is for.", Purpose.question, _summary(Purpose))
    setup: Setup | None = ask("What it takes to run it.", Setup.question, {"framework": "PyTorch"})
    model_architecture: ModelArchitecture | None = ask(
        "How the network is built and laid out.", ModelArchitecture.question, _summary(ModelArchitecture)
    )
    parameters: Parameters | None = ask(
        "Sizes, arrays and hardware attributes.", Parameters.question, {"parameters": "110 million"}
    )
    training: Training | None = ask(
        "Training apart from the hardware.", Training.question, {"optimiser": "AdamW", "epochs": 3}
    )
    hwa_training: HwaTraining | None = ask(
        "Hardware-aware training.", HwaTraining.question, {"noise_applied_in": "forward pass"}
    )
    inference_methodology: InferenceMethodology | None = ask(
        "From programming the weights to an answer.",
        InferenceMethodology.question,
        _summary(InferenceMethodology),
    )
    training_data: TrainingData | None = ask("Data trained on.", TrainingData.question, {"name": "GLUE"})
    hardware: Hardware | None = ask(
        "Training and inference hardware.", Hardware.question, {"training": {"accelerator": "NVIDIA V100"}}
    )
    test_data: TestData | None = ask("Data tested on.", TestData.question, {"name": "GLUE"})
    performance: Performance | None = ask(
        "Accuracy, time, energy, size, upkeep.", Performance.question, {"refresh_interval": "4 weeks"}
    )
    robustness: Robustness | None = ask("Robustness.", Robustness.question, _summary(Robustness))
    limitations: Limitations | None = ask("Limitations.", Limitations.question, _summary(Limitations))
    references: Rows[Reference] | None = ask(
        "What readers can look up.",
        "Which papers, reports or pages can a reader check this sheet against?",
        [{"id": "devlin-2019", "title": "BERT", "doi": "10.18653/v1/N19-1423"}],
        max_length=500,
    )
    figures: Rows[Figure] | None = ask(
        "Figures of the sheet.",
        "Which figures (drawings, plots) belong to this sheet?",
        [{"id": "architecture", "title": "Architecture"}],
        max_length=100,
    )
    producers: Rows[Producer] | None = ask(
        "Who supplied facts.",
        "Who supplied the facts of this sheet?",
        [{"name": "IBM Research"}],
        max_length=100,
    )
    reviews: Rows[Review] | None = ask(
        "What reviewers said.",
        "Who has reviewed this sheet, and what did they find?",
        [{"by": "P7", "role": "data-scientist"}],
        max_length=500,
    )
    errata: Rows[Erratum] | None = ask(
        "Errors of the source, as they were published.",
        "What does the document that this sheet was taken from get wrong?",
        [{"at": "overview.model", "published": "Audio Classifier", "problem": "It is BERT."}],
        max_length=100,
    )

    def checked(self) -> Self:
        """Return the sheet that can be worked with: this one, as its fields were validated when it was made."""
        return self

    @classmethod
    def model_rebuild(cls, **options: Any) -> bool | None:
        """Build the validator of the whole sheet; Ctrl-C that comes meanwhile is raised afterwards."""
        with _interrupts_held():
            return super().model_rebuild(**options)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back until the block ends: pydantic-core calls Python back in it, and would lose the exception."""
    if threading.current_thread() is not threading.main_thread():
        yield  # no signal arrives in another thread
        return
    held: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    try:
        yield
    finally:
        # `None` is a handler that was not set from Python, and cannot be set from there.
        signal.signal(signal.SIGINT, signal.default_int_handler if before is None else before)
    if held and callable(before):
        before(held[0], None)
