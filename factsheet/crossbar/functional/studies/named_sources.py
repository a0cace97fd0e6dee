"""A model and an evaluation named as `package.module:callable`, so that every process can make them for itself.

Importing them runs the user's own code. Their names come from a command line or a caller, never out of a sheet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch
from torch import nn

from factsheet.errors import StudyError
from factsheet.networks.from_models.imports import importing

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class NamedModel:
    """The source of a module: a callable without arguments, or a module itself."""

    source: str

    def __call__(self) -> nn.Module:
        """Return the module, with its weights.

        Raises:
            WorkloadError: the name leads nowhere, or what it names raises.
            StudyError: it gives no module.
        """
        # Weights that a callable draws must be the same in every process and in every run.
        with importing(self.source) as found, torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            made = found if isinstance(found, nn.Module) or not callable(found) else found()
        if isinstance(made, tuple) and made:  # with example inputs, as for `factsheet inspect`
            made = made[0]
        if not isinstance(made, nn.Module):
            raise StudyError(
                f"{self.source} gave {type(made).__name__}, not a torch.nn.Module",
                "its layers are what is put on tiles",
                "let it return the module",
            )
        return made


@dataclass(slots=True)
class NamedEvaluation:
    """The source of an evaluation: a callable without arguments that returns a function from a model to its score."""

    source: str
    _function: Callable[[nn.Module], float] | None = field(default=None, repr=False)

    def __reduce__(self) -> tuple[type[NamedEvaluation], tuple[str]]:
        return type(self), (self.source,)  # each process loads its data itself

    def function(self) -> Callable[[nn.Module], float]:
        """Return the function, made once.

        Raises:
            WorkloadError: the name leads nowhere, or what it names raises.
            StudyError: it gives nothing that can be called.
        """
        if self._function is None:
            use = "scores come from the function that it returns"
            with importing(self.source, use) as found:
                made: object = found() if callable(found) else found
            if not callable(made):
                raise StudyError(
                    f"{self.source} gave {type(made).__name__}, which cannot be called",
                    use,
                    "let it be a callable without arguments that returns a function from a model to a number",
                )
            self._function = made
        return self._function

    def __call__(self, module: nn.Module) -> float:
        """Score a model."""
        return self.function()(module)
