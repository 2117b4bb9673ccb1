"""The question: scenario files, what they inherit, their plan of zones and how they tell themselves."""
