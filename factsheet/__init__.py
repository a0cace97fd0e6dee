"""FactSheets for analog AI models: a schema, the arithmetic behind it, and one view per role."""

from factsheet._version import __version__ as __version__
