"""The version, a literal: reading it back from the installed metadata costs more than answering --version."""

__version__ = "0.2.0"
