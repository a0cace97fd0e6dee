"""Hardware-aware training: recipes, noisy layers, and a sheet's section as a recipe."""
