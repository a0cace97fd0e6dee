"""How commands are listed, explained and completed, whatever they do."""
