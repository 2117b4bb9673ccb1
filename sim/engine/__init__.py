"""Time: luck, the order of a month, the compiled engine and the Mesa model."""
