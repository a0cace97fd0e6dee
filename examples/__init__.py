"""What the sheets of the examples are made with; a package, since others install one of this name as well."""
