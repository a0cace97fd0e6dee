"""Checks: rules with stable ids, and the service that runs them over a sheet."""

from factsheet.checks.diagnostic import Diagnostic, Related, Severity
from factsheet.checks.service import CheckedSheet, check_loaded

__all__ = ["CheckedSheet", "Diagnostic", "Related", "Severity", "check_loaded"]
