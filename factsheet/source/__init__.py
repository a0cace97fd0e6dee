"""YAML text → plain data with a place for every key and value; finding and writing the files it lives in."""
