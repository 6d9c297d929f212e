"""Pages of a broker's room."""
