"""What a sheet is made of: facts with their provenance, the kinds of answer, and the wording of what does not fit."""
