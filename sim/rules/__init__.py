"""What every actor does, as rules: one file for each actor."""
