"""The embedded PostgreSQL of development and tests, and the three roles that every installation needs.
Knows nothing of tables: those come by migrations. In production the server is somebody else's."""
