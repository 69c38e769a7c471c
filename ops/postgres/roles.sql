-- The roles and the database of an installation, for whoever runs the PostgreSQL server (15 or later).
-- The same as `doorstep.backends.database.bootstrap` makes in development; safe to repeat.
--
--   OWNER_DB_PASSWORD=... APP_DB_PASSWORD=... psql --username postgres --file ops/postgres/roles.sql
--
-- owner   owns every table; migrations and backups sign in as it
-- app     the application signs in as it; owns nothing, cannot bypass row security
-- system  sees all organizations; app becomes it on purpose, one transaction at a time

\set ON_ERROR_STOP on
\getenv owner_password OWNER_DB_PASSWORD
\getenv app_password APP_DB_PASSWORD

SELECT 'CREATE ROLE owner LOGIN NOSUPERUSER NOBYPASSRLS'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'owner') \gexec
SELECT 'CREATE ROLE app LOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') \gexec
SELECT 'CREATE ROLE system NOLOGIN NOSUPERUSER NOBYPASSRLS'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'system') \gexec

ALTER ROLE owner PASSWORD :'owner_password';
ALTER ROLE app PASSWORD :'app_password';

SELECT current_setting('server_version_num')::int >= 160000 AS grants_have_options \gset
\if :grants_have_options
GRANT system TO app WITH INHERIT FALSE, SET TRUE;
\else
GRANT system TO app;
\endif

SELECT 'CREATE DATABASE doorstep OWNER owner TEMPLATE template0 ENCODING ''UTF8'''
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'doorstep') \gexec

REVOKE ALL ON DATABASE doorstep FROM PUBLIC;
GRANT CONNECT ON DATABASE doorstep TO app;

\connect doorstep

ALTER SCHEMA public OWNER TO owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO app, system;
ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app, system;
ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT USAGE, SELECT ON SEQUENCES TO app, system;
ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT EXECUTE ON FUNCTIONS TO app, system;
