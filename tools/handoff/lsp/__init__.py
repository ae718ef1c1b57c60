"""The language server: what the check knows, shown in an editor while one types."""
