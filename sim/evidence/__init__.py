"""Why believe it: published figures against the model, calibration, what carries the effect."""
