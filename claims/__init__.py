"""Claims: sick leaves, certificates, decisions, benefit, assistance."""
