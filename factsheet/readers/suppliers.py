"""Who is likely to know the answers of a section: whom a sheet names as its producers, else a role by its tasks.

The study's producers and consumers are the same six roles (its section 4); which role fills in which section is
stated by the published BERT sheet for some, and follows from the tasks of Table 1 for the rest: AI engineers integrate
a model into pipelines, software developers compose applications with it and assess what the hardware gains, business
experts evaluate benefits and competitive advantage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from factsheet.readers.roles import RoleName

SUPPLIERS: Mapping[str, RoleName] = {
    "overview": "data-scientist",
    "purpose": "data-scientist",
    "purpose.applications": "software-developer",
    "purpose.intended_users": "business-expert",
    "purpose.benefits": "business-expert",
    "setup": "ai-engineer",
    "setup.instructions": "software-developer",
    "setup.interface": "software-developer",
    "setup.framework": "data-scientist",
    "setup.implementation": "data-scientist",
    "model_architecture": "data-scientist",
    "model_architecture.mapping": "algorithm-designer",
    "model_architecture.layout": "algorithm-designer",
    "parameters": "hardware-researcher",
    "training": "data-scientist",
    "hwa_training": "algorithm-designer",
    "inference_methodology": "hardware-researcher",
    "inference_methodology.digital_parts": "algorithm-designer",
    "inference_methodology.evaluation": "algorithm-designer",
    "training_data": "data-scientist",
    "test_data": "data-scientist",
    "hardware": "hardware-researcher",
    "hardware.training": "data-scientist",
    "performance": "hardware-researcher",
    "performance.results": "data-scientist",
    "performance.summary": "data-scientist",
    "performance.metrics": "data-scientist",
    "performance.latency_p50": "ai-engineer",
    "performance.latency_p99": "ai-engineer",
    "performance.host_transfer": "ai-engineer",
    "performance.throughput_cpu": "software-developer",
    "performance.throughput_gpu": "software-developer",
    "performance.size_on_disk": "software-developer",
    "robustness": "algorithm-designer",
    "robustness.temperature": "hardware-researcher",
    "robustness.unusual_inputs": "data-scientist",
    "robustness.adversarial": "data-scientist",
    "robustness.bias": "data-scientist",
    "limitations": "hardware-researcher",
    "limitations.ethics": "business-expert",
    "limitations.obligations": "business-expert",
    "references": "data-scientist",
    "provenance": "data-scientist",
}
"""The role that is most likely to know, by section or by a field that another role knows better."""


class NamedProducer(Protocol):
    """Somebody whom a sheet names as having supplied some of its sections."""

    @property
    def name(self) -> str:
        """The person or team."""

    @property
    def sections(self) -> tuple[str, ...] | None:
        """The sections that they supplied."""


def naming_producer(producers: Iterable[NamedProducer] | None, path: str) -> str:
    """Return the producer that a sheet names for a field's section, in words; empty where it names none.

    Args:
        producers: the sheet's producers.
        path: the field, such as `setup.instructions`.
    """
    section = path.partition(".")[0].partition("[")[0]
    for producer in producers or ():
        if section in (producer.sections or ()):
            return f"{producer.name}, which the sheet names as producer of `{section}`"
    return ""


def supplying_role(path: str) -> RoleName | None:
    """Return the role that is most likely to know a field; `None` where that is whoever made the model."""
    while path not in SUPPLIERS and "." in path:
        path = path.rpartition(".")[0]
    return SUPPLIERS.get(path)
