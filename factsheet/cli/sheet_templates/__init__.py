"""Commands about templates of sheets."""
