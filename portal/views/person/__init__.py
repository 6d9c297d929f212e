"""Views of the insured person's own page."""
