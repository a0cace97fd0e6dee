"""Rules on figures and dates that cannot be, or hardly can be, whatever else the sheet says."""
