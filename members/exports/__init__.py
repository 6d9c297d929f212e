"""Tables that go out: the template to fill in, and the rows that could not be taken."""
