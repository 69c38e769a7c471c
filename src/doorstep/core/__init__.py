"""The ground every feature stands on: settings, database, tenancy, errors, HTTP.
Rank 0: imports nothing of the product's features."""
