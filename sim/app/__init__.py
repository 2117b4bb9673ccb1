"""The pages, for use in a room: the same scenarios, engine and results as the command line."""
