"""What several test files need: git repositories."""
