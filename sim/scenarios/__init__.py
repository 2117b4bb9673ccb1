"""The question: scenario files, what they inherit, their plan of zones and how they are described."""
