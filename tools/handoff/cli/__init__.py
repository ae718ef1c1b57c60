"""The command line: the only layer that reads the clock, writes files and prints."""
