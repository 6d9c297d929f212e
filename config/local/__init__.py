"""PostgreSQL and Valkey on this machine, without Docker and without installing a service.

For development, the demonstration and the tests; production is given its services.
"""
