"""The organisation as the engines see it: flat arrays and permanent ids."""
