"""FactSheets for analog AI models: a schema, the arithmetic behind it, and one view per role."""

# A literal: reading it back from the installed metadata costs more than answering --version.
__version__ = "0.1.0"
