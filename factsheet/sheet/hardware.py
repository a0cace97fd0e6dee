"""Training hardware and inference hardware."""

from typing import Annotated, ClassVar

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Choice, Items, Line, Measure, Prose, Whole
from factsheet.facts.section import Name, Record, Rows, Section, ask
from factsheet.sheet.ranges.chips import NODE, TILES_ON_CHIP
from factsheet.sheet.ranges.training import (
    ACCELERATORS,
    CARBON,
    INTENSITY,
    MEMORY,
    PROCESSORS,
    TRAINING_ENERGY,
    TRAINING_TIME,
    USAGE_EFFECTIVENESS,
    WATER,
)


class Activity(Record):
    """Energy and emissions of something that was run besides the training itself."""

    activity: Name = ask("What was run.", "What else was run?", "preparing data", default=...)
    duration: Annotated[Fact, Measure("time", within=TRAINING_TIME)] | None = ask(
        "Time that it took.", "How long did that take?", "2 h"
    )
    energy: Annotated[Fact, Measure("energy", within=TRAINING_ENERGY)] | None = ask(
        "Energy that it took.", "How much energy did that take?", "0.3 kWh"
    )
    carbon: Annotated[Fact, Measure("carbon", within=CARBON)] | None = ask(
        "Emissions that it caused.", "How much CO2e did that emit?", "0.1 kg CO2e"
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
    cpu: Annotated[Fact, Line()] | None = ask("Model of the processor.", "Which CPU?", "AMD EPYC 7742")
    cpu_count: Annotated[Fact, Whole(within=PROCESSORS)] | None = ask(
        "Processors, or their cores, used at once.", "How many CPUs?", 2
    )
    memory: Annotated[Fact, Measure("data_size", within=MEMORY)] | None = ask(
        "Main memory of the machine.", "How much memory has it?", "512 GB"
    )
    batch_size: Annotated[Fact, Prose(number=True)] | None = ask(
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
    energy_cpu: Annotated[Fact, Measure("energy", within=TRAINING_ENERGY)] | None = ask(
        "The part of that energy that processors took.", "How much of it did the CPU take?", "0.2 kWh"
    )
    energy_gpu: Annotated[Fact, Measure("energy", within=TRAINING_ENERGY)] | None = ask(
        "The part of that energy that accelerators took.", "How much of it did the GPUs take?", "0.9 kWh"
    )
    energy_memory: Annotated[Fact, Measure("energy", within=TRAINING_ENERGY)] | None = ask(
        "The part of that energy that memory took.", "How much of it did memory take?", "0.1 kWh"
    )
    tracking: Annotated[Fact, Choice("whole machine", "this process", "estimated")] | None = ask(
        "What the energy was measured of.", "Was the whole machine measured?", "whole machine"
    )
    country: Annotated[Fact, Line()] | None = ask("Country of the machines.", "In which country?", "Norway")
    region: Annotated[Fact, Line()] | None = ask(
        "Region of the country, whose grid it was.", "In which region?", "Oslo"
    )
    cloud: Annotated[Fact, Line()] | None = ask(
        "Provider and region of a cloud.", "In which cloud and region?", "gcp europe-north1"
    )
    carbon_intensity: Annotated[Fact, Measure("carbon_intensity", within=INTENSITY)] | None = ask(
        "Emissions of the grid for the energy that it delivers.",
        "How clean was the electricity?",
        "30 g CO2e/kWh",
    )
    energy_source: Annotated[Fact, Line()] | None = ask(
        "Where the electricity came from.", "From which source was the electricity?", "hydropower"
    )
    offset: Annotated[Fact, Measure("carbon", within=CARBON)] | None = ask(
        "Emissions that were paid for elsewhere; they are not taken off `carbon`.",
        "How much was offset?",
        "0.4 kg CO2e",
    )
    usage_effectiveness: Annotated[Fact, Measure("number", within=USAGE_EFFECTIVENESS)] | None = ask(
        "Energy of the data centre for the energy of its computers (PUE).", "What is the PUE?", 1.1
    )
    water: Annotated[Fact, Measure("volume", within=WATER)] | None = ask(
        "Water that cooling took.", "How much water did it take?", "120 L"
    )
    activities: Rows[Activity] | None = ask(
        "Energy and emissions of what else was run: preparing data, trials, evaluation.",
        "What else took energy?",
        [{"activity": "preparing data", "energy": "0.3 kWh"}],
        max_length=100,
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
