"""Checks: rules with stable ids, and the service that runs them over a sheet."""
