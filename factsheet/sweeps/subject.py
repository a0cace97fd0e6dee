"""Opens one source of a sweep: its network at any sequence length, and the points, tile and hardware that it states."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from factsheet.crossbar.cost.stages import fuse_siblings
from factsheet.errors import WorkloadError
from factsheet.networks.declared import declared_network
from factsheet.networks.policy import apply
from factsheet.recompute.network_source import open_source, source_kind
from factsheet.recompute.points import USUAL_LENGTH, stated_tile

if TYPE_CHECKING:
    from factsheet.crossbar.mapping import TileShape
    from factsheet.networks.operators import Network
    from factsheet.sheet.model import SheetFields
    from factsheet.sweeps.request import SweepRequest


class Block(NamedTuple):
    """Sequence lengths, each with the same batches."""

    seq_lens: tuple[int, ...]
    batches: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """A source, opened as far as it is the same for all points."""

    source: str
    request: SweepRequest
    sheet: SheetFields | None
    """`None` where the source is no sheet."""

    def name_of(self, network: Network) -> str:
        """Return what people call the network: the model that a sheet is of, else what the source calls it."""
        return network.name if self.sheet is None else self.sheet.overview.model.words()

    @property
    def profile(self) -> str | None:
        """The hardware profile that a sheet names."""
        hardware = self.sheet and self.sheet.hardware and self.sheet.hardware.inference
        return hardware.profile.text if hardware and hardware.profile else None

    @property
    def tile(self) -> TileShape | None:
        """The tile that a sheet states."""
        return None if self.sheet is None else stated_tile(self.sheet)

    def blocks(self, seq_lens: tuple[int, ...] | None, batches: tuple[int, ...] | None) -> tuple[Block, ...]:
        """Return the points that are asked for; for what is left open, those of the sheet's operating points."""
        if seq_lens is not None and batches is not None:
            return (Block(seq_lens, batches),)
        own: dict[int, dict[int, None]] = {}
        for row in (self.sheet and self.sheet.parameters and self.sheet.parameters.operating_points) or ():
            own.setdefault(int(row.seq_len), {})[row.batch if isinstance(row.batch, int) else 1] = None
        if not own:
            own[self._usual_length] = {1: None}
        if batches is not None:
            return (Block(tuple(own), batches),)
        if seq_lens is not None:
            known = {batch for each in own.values() for batch in each}
            return (Block(seq_lens, tuple(sorted(known))),)
        return tuple(Block((length,), tuple(each)) for length, each in own.items())

    def network_at(self, seq_len: int) -> Network:
        """Return the operators at a sequence length, with what is to be on tiles.

        Raises:
            WorkloadError: there are none at this length, or a name of the policy fits nothing.
        """
        shared = self.request.shared
        stated = (
            frozenset() if self.sheet is None or self.request.seq_lens is not None else frozenset({"seq_len"})
        )
        run = shared.run(seq_len, stated)
        if self.request.seq_lens is not None:
            run = run._replace(asked=run.asked | {"seq_len"})
        if self.sheet is not None:
            found = declared_network(self.sheet.model_architecture, run)
        else:
            found = open_source(self.source, run)
        network = apply(shared.policy, found)
        return fuse_siblings(network) if shared.placement.fuse else network

    @property
    def _usual_length(self) -> int:
        if self.sheet is None:
            return USUAL_LENGTH
        try:
            takes_length = declared_network(self.sheet.model_architecture, 1).takes_length
        except WorkloadError:
            return 1  # at any length; `network_at` says why
        return USUAL_LENGTH if takes_length else 1


def open_subject(source: str, request: SweepRequest) -> Subject:
    """Open a source.

    Raises:
        WorkloadError: it is none, or a sheet that cannot be read or does not fit the schema.
    """
    if source_kind(source) != "sheet":
        return Subject(source, request, None)
    from factsheet.errors import SourceUnreadableError
    from factsheet.sheet_templates.known_templates import read_any_sheet  # builds the validator
    from factsheet.source.loader import read_sheet

    try:
        document = read_sheet(Path(source)).document
    except SourceUnreadableError as error:
        raise WorkloadError(
            f"it cannot be read: {error.reason}",
            "a network is derived from it",
            "see that the path is right and that the file is open to this user",
        ) from None
    sheet, misfits = (None, ()) if document is None else read_any_sheet(document.data)
    if sheet is None or misfits:
        raise WorkloadError(
            "it does not fit the schema of a sheet",
            "a network is derived from what it declares",
            f"run `factsheet validate {source}` and correct what it finds",
        )
    return Subject(source, request, sheet)
