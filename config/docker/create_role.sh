#!/bin/sh
# Run once by the database's container when its data folder is new: the application's roles and
# database. The owner of the cluster is a superuser and would pass row-level security unseen,
# so the application never signs in as the owner.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set password="$APPLICATION_PASSWORD" <<'SQL'
CREATE ROLE bau LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS PASSWORD :'password';
-- What the web server's requests act as: row-level security narrows it.
CREATE ROLE bau_web NOLOGIN NOSUPERUSER NOBYPASSRLS;
GRANT bau_web TO bau;
CREATE DATABASE bau OWNER bau;
REVOKE CONNECT ON DATABASE bau FROM PUBLIC;
SQL
