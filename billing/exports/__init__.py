"""Formats billing hands to others. Plain Python."""
