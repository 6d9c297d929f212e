"""Tables as employers really send them, and as attackers might, built by code."""
