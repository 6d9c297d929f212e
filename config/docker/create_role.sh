#!/bin/sh
# Run once by the database's container when its data folder is new: the application's role and
# database. The owner of the cluster is a superuser and would pass row-level security unseen,
# so the application never signs in as the owner.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set password="$APPLICATION_PASSWORD" <<'SQL'
CREATE ROLE bau LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE bau OWNER bau;
REVOKE CONNECT ON DATABASE bau FROM PUBLIC;
SQL
