"""Rules of claims: the day counter, what is due, checks and clocks."""
