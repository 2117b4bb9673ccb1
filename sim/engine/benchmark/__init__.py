"""How fast it is on the machine at hand, against what was asked for: `zones benchmark`."""
