"""Pages of an employer's room."""
