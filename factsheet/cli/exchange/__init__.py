"""The command that writes a sheet in another format."""
