"""Read the operators of a TorchScript archive by running it and the code in it: only where a user asks for that."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.imports import need
from factsheet.networks.from_models.module import on_made_inputs
from factsheet.networks.from_models.tracing.known_values import KnownValues

if TYPE_CHECKING:
    from factsheet.networks.family import Run
    from factsheet.networks.operators import Network


def read(source: str | Path, run: Run) -> Network:
    """Read the operators of a TorchScript archive, on inputs made for its first layer.

    Args:
        source: the archive.
        run: what an inference runs on.

    Raises:
        WorkloadError: torch is missing, or the file is no TorchScript archive that runs.
    """
    path = Path(source)
    torch = need("torch", "torch", "reading a TorchScript archive")
    try:
        module = torch.jit.load(path, map_location="cpu")
    except Exception as error:
        said = " ".join(str(error).split())[:200]
        raise WorkloadError(
            f"{path} cannot be read as a TorchScript archive: {said}",
            "its operators are recorded by running it",
            "check that it is whole, and was saved by torch.jit.save",
        ) from error
    with torch.jit.optimized_execution(False):
        return on_made_inputs(module, run, path.stem, KnownValues())
