"""Put answers that a command works out into the text that an author wrote."""
