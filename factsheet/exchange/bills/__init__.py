"""Bills of materials: what a model is made of, in CycloneDX and SPDX."""
