"""Pages of the insurer's room."""
