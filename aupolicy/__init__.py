"""The agreement: tariffs, employers, brokers, group contracts, users and grants."""
