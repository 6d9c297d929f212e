"""Values every app stands on. Plain Python: no Django, no clock, no database."""
