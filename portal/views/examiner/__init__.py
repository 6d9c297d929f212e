"""Views of claims, for examiners; auditors read."""
