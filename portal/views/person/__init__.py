"""The insured person's own page: a link and a PIN instead of an account."""
