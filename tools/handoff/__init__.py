"""Sales-to-onboarding handoff computed from a git repository."""

__version__ = "0.1.0"
