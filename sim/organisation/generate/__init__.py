"""What no file says: sites, people, leaders and ties that are generated."""
