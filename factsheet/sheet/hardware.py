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

    activity: Name = ask(
        "What was run.", "Which activity besides training took energy?", "preparing data", default=...
    )
    duration: Annotated[Fact, Measure("time", within=TRAINING_TIME)] | None = ask(
        "Time that it took.", "How long did this activity besides training take?", "2 h"
    )
    energy: Annotated[Fact, Measure("energy", within=TRAINING_ENERGY)] | None = ask(
        "Energy that it took.", "How much energy did this activity besides training take?", "0.3 kWh"
    )
    carbon: Annotated[Fact, Measure("carbon", within=CARBON)] | None = ask(
        "Emissions that it caused.", "How much CO2e did this activity besides training emit?", "0.1 kg CO2e"
    )


class TrainingHardware(Record):
    """What the model was trained on."""

    summary: Annotated[Fact, Prose()] | None = ask(
        "The machine in words.",
        "Which machine was the model trained on, in words?",
        "One node of a GPU cluster.",
    )
    systems: Annotated[Fact, Items()] | None = ask(
        "Machines and clusters used.",
        "Which machines or clusters was the model trained on?",
        ["AiMOS supercomputer"],
    )
    accelerator: Annotated[Fact, Line()] | None = ask(
        "Model of the accelerator.", "Which accelerator (GPU, TPU) was the model trained on?", "NVIDIA V100"
    )
    accelerator_count: Annotated[Fact, Whole(within=ACCELERATORS)] | None = ask(
        "Accelerators used at once.", "How many accelerators was the model trained on at once?", 1
    )
    cpu: Annotated[Fact, Line()] | None = ask(
        "Model of the processor.",
        "Which processor had the machine that the model was trained on?",
        "AMD EPYC 7742",
    )
    cpu_count: Annotated[Fact, Whole(within=PROCESSORS)] | None = ask(
        "Processors, or their cores, used at once.",
        "How many processors, or cores of them, was the model trained on at once?",
        2,
    )
    memory: Annotated[Fact, Measure("data_size", within=MEMORY)] | None = ask(
        "Main memory of the machine.",
        "How much main memory had the machine that the model was trained on?",
        "512 GB",
    )
    batch_size: Annotated[Fact, Prose(number=True)] | None = ask(
        "How the batch size was chosen.",
        "How was the batch size chosen for the training hardware?",
        "As large as GPU memory allows.",
    )
    duration: Annotated[Fact, Measure("time", within=TRAINING_TIME)] | None = ask(
        "Time to train.", "How long did training the model take?", "4 h"
    )
    energy: Annotated[Fact, Measure("energy", within=TRAINING_ENERGY)] | None = ask(
        "Energy spent on training.", "How much energy did training the model take?", "1.2 kWh"
    )
    carbon: Annotated[Fact, Measure("carbon", within=CARBON)] | None = ask(
        "Emissions of training.", "How much CO2e did training the model emit?", "0.4 kg CO2e"
    )
    energy_cpu: Annotated[Fact, Measure("energy", within=TRAINING_ENERGY)] | None = ask(
        "The part of that energy that processors took.",
        "How much of the energy of training did processors take?",
        "0.2 kWh",
    )
    energy_gpu: Annotated[Fact, Measure("energy", within=TRAINING_ENERGY)] | None = ask(
        "The part of that energy that accelerators took.",
        "How much of the energy of training did accelerators take?",
        "0.9 kWh",
    )
    energy_memory: Annotated[Fact, Measure("energy", within=TRAINING_ENERGY)] | None = ask(
        "The part of that energy that memory took.",
        "How much of the energy of training did memory take?",
        "0.1 kWh",
    )
    tracking: Annotated[Fact, Choice("whole machine", "this process", "estimated")] | None = ask(
        "What the energy was measured of.",
        "Of what was the energy of training measured: the whole machine, this process, or was it estimated?",
        "whole machine",
    )
    country: Annotated[Fact, Line()] | None = ask(
        "Country of the machines.", "In which country was the model trained?", "Norway"
    )
    region: Annotated[Fact, Line()] | None = ask(
        "Region of the country, whose grid it was.",
        "In which region of the country was the model trained?",
        "Oslo",
    )
    cloud: Annotated[Fact, Line()] | None = ask(
        "Provider and region of a cloud.",
        "In which cloud, and which region of it, was the model trained?",
        "gcp europe-north1",
    )
    carbon_intensity: Annotated[Fact, Measure("carbon_intensity", within=INTENSITY)] | None = ask(
        "Emissions of the grid for the energy that it delivers.",
        "How much CO2e did the grid emit for a kWh of the electricity of training?",
        "30 g CO2e/kWh",
    )
    energy_source: Annotated[Fact, Line()] | None = ask(
        "Where the electricity came from.", "From which source was the electricity of training?", "hydropower"
    )
    offset: Annotated[Fact, Measure("carbon", within=CARBON)] | None = ask(
        "Emissions that were paid for elsewhere; they are not taken off `carbon`.",
        "How much of the emissions of training was offset elsewhere?",
        "0.4 kg CO2e",
    )
    usage_effectiveness: Annotated[Fact, Measure("number", within=USAGE_EFFECTIVENESS)] | None = ask(
        "Energy of the data centre for the energy of its computers (PUE).",
        "What is the PUE of the data centre that the model was trained in?",
        1.1,
    )
    water: Annotated[Fact, Measure("volume", within=WATER)] | None = ask(
        "Water that cooling took.", "How much water did cooling take during training?", "120 L"
    )
    activities: Rows[Activity] | None = ask(
        "Energy and emissions of what else was run: preparing data, trials, evaluation.",
        "What besides training took energy: preparing data, trials, evaluation?",
        [{"activity": "preparing data", "energy": "0.3 kWh"}],
        max_length=100,
    )


class InferenceHardware(Record):
    """What the model runs on, and what its accuracy was evaluated on."""

    summary: Annotated[Fact, Prose()] | None = ask(
        "The chip in words.",
        "Which analog hardware does the model run on, in words?",
        "A weight-stationary analog accelerator with PCM tiles.",
    )
    chip: Annotated[Fact, Line()] | None = ask(
        "Name of the chip.", "What is the name of the chip that the model runs on?", "IBM analog AI prototype"
    )
    profile: Annotated[Fact, Line()] | None = ask(
        "Name of the hardware profile that figures are recomputed with.",
        "Which hardware profile describes the chip that the model runs on?",
        "ibm-2022",
    )
    technology: Annotated[Fact, Line()] | None = ask(
        "Memory technology.",
        "Which memory technology, such as PCM or RRAM, has the chip that the model runs on?",
        "phase-change memory (PCM)",
    )
    node: Annotated[Fact, Measure("length", within=NODE)] | None = ask(
        "Process node.", "In which process node is the chip that the model runs on made?", "14 nm"
    )
    tiles: Annotated[Fact, Whole(within=TILES_ON_CHIP)] | None = ask(
        "Tiles on one chip.", "How many tiles has one chip?", 34
    )
    maturity: Annotated[Fact, Line()] | None = ask(
        "Product, prototype or simulation.",
        "Is the chip that the model runs on a product, a prototype or a simulation?",
        "prototype under design",
    )
    evaluation_system: Annotated[Fact, Prose()] | None = ask(
        "What inference accuracy was evaluated on.",
        "On which system was the accuracy at inference evaluated?",
        "One NVIDIA V100.",
    )
    host: Annotated[Fact, Prose()] | None = ask(
        "What the chip needs around it.",
        "What does the chip need around it, such as a host, a board, a bus?",
        "An FPGA board on PCIe.",
    )


class Hardware(Section):
    """Characteristics of the training hardware and of the inference hardware."""

    question: ClassVar[str] = "Which hardware was the model trained on, and which does it run on?"

    training: TrainingHardware | None = ask(
        "The training hardware.", "Which hardware was the model trained on?", {"accelerator": "NVIDIA V100"}
    )
    inference: InferenceHardware | None = ask(
        "The inference hardware.",
        "Which analog hardware does the model run on?",
        {"technology": "phase-change memory (PCM)"},
    )
