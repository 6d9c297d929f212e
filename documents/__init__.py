"""What leaves on paper: context -> HTML -> PDF, stored once."""
