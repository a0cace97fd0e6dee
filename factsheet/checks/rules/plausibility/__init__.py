"""Rules on figures and dates that cannot be, or hardly can be, by themselves or beside one another."""
