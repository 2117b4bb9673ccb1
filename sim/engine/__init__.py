"""Time: random numbers, the order of a month, the compiled engine and the Mesa model."""
