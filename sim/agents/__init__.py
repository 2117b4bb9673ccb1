"""The people, as Mesa agents: what each perceives and which rules it follows."""
