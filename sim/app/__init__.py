"""The stage: pages for a room, on top of the same scenarios, engine and outcomes as the command line."""
