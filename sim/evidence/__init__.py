"""Why believe the model: published figures against it, calibration, what contributes to the effect."""
