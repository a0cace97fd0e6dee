"""Profiles of digital devices: a device, a number format and a software stack, each figure with its source."""
