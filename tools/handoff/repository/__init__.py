"""Git and the file system: snapshots of the records, and who touched them when."""
