"""What an area has seen: its data read, the model's runs weighed by them, forecasts before and after, and scores."""
