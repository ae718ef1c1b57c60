"""`schemas/` as typed policy, read from the same snapshot as the records."""
