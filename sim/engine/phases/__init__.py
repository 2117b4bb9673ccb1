"""The phases of a month, compiled: each loops over its agents and asks the rules; none holds a formula of its own."""
