"""The office's pages and the API of people and catalog.
Rank 12: thin views over the services; imports neither portals nor health."""
