"""Pure evaluation: register, policy and now in, a report out. No clock, no files."""
