"""The analytic half of the crossbar simulator: layout on tiles, stages, and the time, energy and area of a run."""
