"""A Django app of the tests only: it empties the database after a test that committed."""
