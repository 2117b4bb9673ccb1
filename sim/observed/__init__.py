"""What an area has observed: data read, the model's runs weighed by them, forecasts before and after, scores."""
