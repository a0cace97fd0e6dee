"""Compare a claim with the published field: a survey of in-memory-computing designs and digital accelerators."""
