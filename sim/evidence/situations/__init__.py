"""The situations that published figures describe, simulated and read."""
