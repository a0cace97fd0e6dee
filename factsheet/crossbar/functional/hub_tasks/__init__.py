"""Models and data sets in the Hub's own file formats, so that a simulation can be scored on a published task."""
