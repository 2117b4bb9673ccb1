"""Sweeps: designs, a runner that loses nothing, sensitivity and discovery."""
