"""Writing sheets: answers that a command works out go into the text that an author wrote."""
