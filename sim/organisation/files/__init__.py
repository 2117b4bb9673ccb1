"""Organisation files: read, checked, joined and written."""
