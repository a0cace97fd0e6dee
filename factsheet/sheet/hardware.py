"""Training hardware and inference hardware."""

from __future__ import annotations

from typing import Annotated, ClassVar

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Items, Line, Measure, Prose, Whole
from factsheet.facts.section import Record, Section, ask
from factsheet.sheet.ranges import (
    ACCELERATORS,
    CARBON,
    NODE,
    TILES_ON_CHIP,
    TRAINING_ENERGY,
    TRAINING_TIME,
)


class TrainingHardware(Record):
    """What the model was trained on."""

    summary: Annotated[Fact, Prose()] | None = ask(
        "The machine in words.", "What was it trained on?", "One node of a GPU cluster."
    )
    systems: Annotated[Fact, Items()] | None = ask(
        "Machines and clusters used.", "Which machines?", ["AiMOS supercomputer"]
    )
    accelerator: Annotated[Fact, Line()] | None = ask(
        "Model of the accelerator.", "Which accelerator?", "NVIDIA V100"
    )
    accelerator_count: Annotated[Fact, Whole(within=ACCELERATORS)] | None = ask(
        "Accelerators used at once.", "How many accelerators?", 1
    )
    batch_size: Annotated[Fact, Prose()] | None = ask(
        "How the batch size was chosen.", "Which batch size, and why?", "As large as GPU memory allows."
    )
    duration: Annotated[Fact, Measure("time", within=TRAINING_TIME)] | None = ask(
        "Time to train.", "How long did it take?", "4 h"
    )
    energy: Annotated[Fact, Measure("energy", within=TRAINING_ENERGY)] | None = ask(
        "Energy spent on training.", "How much energy did training take?", "1.2 kWh"
    )
    carbon: Annotated[Fact, Measure("carbon", within=CARBON)] | None = ask(
        "Emissions of training.", "How much CO2e did training emit?", "0.4 kg CO2e"
    )


class InferenceHardware(Record):
    """What the model runs on, and what its accuracy was evaluated on."""

    summary: Annotated[Fact, Prose()] | None = ask(
        "The chip in words.", "What does it run on?", "A weight-stationary analog accelerator with PCM tiles."
    )
    chip: Annotated[Fact, Line()] | None = ask("Name of the chip.", "Which chip?", "IBM analog AI prototype")
    profile: Annotated[Fact, Line()] | None = ask(
        "Name of the hardware profile that figures are recomputed with.",
        "Which profile describes it?",
        "ibm-2022",
    )
    technology: Annotated[Fact, Line()] | None = ask(
        "Memory technology.", "Which memory device?", "phase-change memory (PCM)"
    )
    node: Annotated[Fact, Measure("length", within=NODE)] | None = ask(
        "Process node.", "Which process node?", "14 nm"
    )
    tiles: Annotated[Fact, Whole(within=TILES_ON_CHIP)] | None = ask(
        "Tiles on one chip.", "How many tiles has it?", 34
    )
    maturity: Annotated[Fact, Line()] | None = ask(
        "Product, prototype or simulation.", "Does the chip exist?", "prototype under design"
    )
    evaluation_system: Annotated[Fact, Prose()] | None = ask(
        "What inference accuracy was evaluated on.", "Where were accuracies evaluated?", "One NVIDIA V100."
    )
    host: Annotated[Fact, Prose()] | None = ask(
        "What the chip needs around it.", "What does it plug into?", "An FPGA board on PCIe."
    )


class Hardware(Section):
    """Characteristics of the training hardware and of the inference hardware."""

    question: ClassVar[str] = "What was the model trained on, and what does it run on?"

    training: TrainingHardware | None = ask(
        "The training hardware.", "What was it trained on?", {"accelerator": "NVIDIA V100"}
    )
    inference: InferenceHardware | None = ask(
        "The inference hardware.", "What does it run on?", {"technology": "phase-change memory (PCM)"}
    )
