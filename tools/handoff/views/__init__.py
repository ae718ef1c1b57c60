"""Reports to text. Record text is hostile here: each view escapes for its channel."""
