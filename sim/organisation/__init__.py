"""The place: sites, people and families of one or more areas; where they come from and how they are written."""
