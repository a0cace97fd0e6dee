"""Read what `factsheet simulate --sensitivity` is to run, and make it ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.cli.simulate.simulate_setup import SimulateRequest
    from factsheet.recompute.comparisons.mapping_costs import MappingCost

USUAL_TIME = "1 day"
"""After programming, where no time is given."""


def check_sensitivity(request: SimulateRequest, times: Sequence[float]) -> None:
    """Refuse options that do not go with a study of sensitivity, or only with one.

    Raises:
        UsageError: naming the option, and what to give instead.
        ProfileError: there is no such profile, or it is wrong.
    """
    cost = (("--profile", request.profile), ("--seq-len", request.seq_len), ("--batch", request.batch))
    for option, given in cost:
        if given is not None and not (request.sensitivity and request.accepted_loss is not None):
            raise UsageError(
                f"{option} goes with --sensitivity and --accept-loss",
                "it is about what the proposed mapping costs on a chip",
                "for the devices that are simulated give --hardware",
            )
    if not request.sensitivity:
        return
    if request.data is None:
        raise UsageError(
            "--sensitivity goes with --data",
            "what a layer costs is a loss of score",
            "name the evaluation, as `--data package.module:evaluation`",
        )
    if len(times) != 1:
        raise UsageError(
            f"--sensitivity looks at one time after programming, and {len(times)} are given",
            "each time takes all variants anew",
            f"give one, such as `--times 1w`; without it, it is {USUAL_TIME}",
            place="--times",
        )
    for option, value in (("--chips", request.chips), ("--reference", request.reference != "first" or None)):
        if value is not None:
            raise UsageError(
                f"{option} is about a refresh interval, which --sensitivity does not work out",
                "its losses are counted from the model in floating point, in the mean over chips",
                "leave it out",
            )
    if request.accepted_loss is not None and request.repeats < 2:  # noqa: PLR2004  a spread takes two
        raise UsageError(
            "a mapping cannot be proposed from a single chip",
            "whether a loss is within what is accepted takes the spread over chips",
            "give 5 chips or more",
            place=f"--repeats {request.repeats}",
        )
    if request.profile is not None:
        from factsheet.cli.network import named_profile

        named_profile(request.profile)  # one that there is not is better noticed now


def cost_of(request: SimulateRequest, digital: Sequence[str]) -> MappingCost:
    """Estimate what the proposed mapping costs on the chip that is named, or why that is not known.

    Args:
        request: the options.
        digital: patterns of the layers that are to be digital, on top of the options' own.
    """
    from factsheet.api.fact_sheet import FactSheet
    from factsheet.cli.network import named_profile
    from factsheet.cli.sheets import open_analog_sheet
    from factsheet.errors import CostError, DeriveError, WorkloadError
    from factsheet.recompute.comparisons.mapping_costs import MappingCost, mapping_cost
    from factsheet.recompute.request import Request

    if request.write is not None:
        sheet = open_analog_sheet(str(request.write))[1]
    else:
        sheet = FactSheet.from_data({"factsheet": 1, "overview": {"name": "simulated", "model": "simulated"}})
    asked = Request(
        seq_len=request.seq_len,
        batch=request.batch,
        tile=request.tile,
        policy=request.policy,
        profile=None if request.profile is None else named_profile(request.profile),
        model=request.source,
    )
    try:
        found = mapping_cost(sheet, asked, digital)
    except (CostError, DeriveError, WorkloadError) as error:
        # What was simulated holds all the same.
        return MappingCost(problem=str(error))
    if found.problem and not found.profile:
        return found._replace(
            problem="no chip is named; give --profile, or a sheet with `hardware.inference.profile` to --write"
        )
    return found
