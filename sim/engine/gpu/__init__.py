"""A third driver: the compiled months of `engine/schedule.py` on a GPU, one thread a replicate, with the same bits."""
