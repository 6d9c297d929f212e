"""Formats of the papers: German wording of values, PDF, canonical JSON, ZIP. Plain Python."""
