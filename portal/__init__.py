"""HTML for the insurer."""
