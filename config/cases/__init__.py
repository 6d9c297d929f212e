"""Acceptance cases: rules as files a clerk can read, run through the real rules and operations."""
