"""The fences between tenants, each tested alone: scoped queries, the database, the addresses."""
