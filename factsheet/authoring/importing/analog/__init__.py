"""Configurations of analog toolkits: read without running them, completed with their defaults, said as facts."""
