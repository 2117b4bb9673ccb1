"""What is handed on: one page, a file that answers levers without a server, several options side by side."""
