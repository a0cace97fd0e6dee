"""FactSheets for analog AI models: a schema, the arithmetic behind it, and one view per role.

Names are loaded when they are first used, so that `import factsheet` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet._version import __version__

if TYPE_CHECKING:
    from factsheet import errors
    from factsheet.api.checking import check
    from factsheet.api.fact_sheet import FactSheet, load, loads
    from factsheet.api.simulation import simulate
    from factsheet.attestation.attesting import add_signature, attest
    from factsheet.attestation.sigstore_bundle import SigstoreTrust
    from factsheet.attestation.verification import verify
    from factsheet.authoring.beginning import new
    from factsheet.checks.settings import Settings
    from factsheet.crossbar.functional.studies.whole_sensitivity import sensitivity
    from factsheet.hardware.chip import profile_from as profile
    from factsheet.hardware.profile import profile_names as profiles
    from factsheet.pages.options import RenderOptions
    from factsheet.recompute.inspection import inspect_source as inspect
    from factsheet.recompute.request import Request
    from factsheet.sheet_templates.user_templates import using_templates
    from factsheet.sweeps.table import sweep

__all__ = [
    "FactSheet",
    "RenderOptions",
    "Request",
    "Settings",
    "SigstoreTrust",
    "__version__",
    "add_signature",
    "attest",
    "check",
    "errors",
    "inspect",
    "load",
    "loads",
    "new",
    "profile",
    "profiles",
    "sensitivity",
    "simulate",
    "sweep",
    "using_templates",
    "verify",
]

_HOMES = {
    "FactSheet": "api.fact_sheet:FactSheet",
    "RenderOptions": "pages.options:RenderOptions",
    "Request": "recompute.request:Request",
    "Settings": "checks.settings:Settings",
    "SigstoreTrust": "attestation.sigstore_bundle:SigstoreTrust",
    "add_signature": "attestation.attesting:add_signature",
    "attest": "attestation.attesting:attest",
    "check": "api.checking:check",
    "inspect": "recompute.inspection:inspect_source",
    "load": "api.fact_sheet:load",
    "loads": "api.fact_sheet:loads",
    "new": "authoring.beginning:new",
    "profile": "hardware.chip:profile_from",
    "profiles": "hardware.profile:profile_names",
    "sensitivity": "crossbar.functional.studies.whole_sensitivity:sensitivity",
    "simulate": "api.simulation:simulate",
    "sweep": "sweeps.table:sweep",
    "verify": "attestation.verification:verify",
    "using_templates": "sheet_templates.user_templates:using_templates",
}


def __getattr__(name: str) -> object:
    from importlib import import_module  # `--version` does without

    if name == "errors":
        return import_module("factsheet.errors")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, attribute = _HOMES[name].partition(":")
    return getattr(import_module(f"{__name__}.{module}"), attribute)


def __dir__() -> list[str]:
    return sorted(__all__)
