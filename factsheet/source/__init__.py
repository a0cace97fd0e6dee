"""YAML text → plain data with a place for every key and value; finding, reading, editing and writing files whole."""
