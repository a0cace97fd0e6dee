"""A sheet's network on digital devices, beside what the sheet's own hardware takes."""
