"""What each command of `zones` does; heavy imports stay inside the functions, so that help is instant."""
