"""A third driver: the compiled months of `engine/schedule.py` on a GPU, a thread for each replicate, same bits."""
