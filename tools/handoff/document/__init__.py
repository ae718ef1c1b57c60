"""From bytes to structure with places: header, body outline, and back to text."""
