"""Which parameters give the published figures."""
