"""The commands that are more than a line: each reads the command line, asks one use case, and prints."""
