"""What every actor does, as rules: one file an actor."""
