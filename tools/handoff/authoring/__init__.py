"""What people type, made into records: pure, so that terminals and scripts agree."""
