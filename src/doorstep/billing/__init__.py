"""Money between clients, organizations and the installation.
Rank 8: hears of finished orders by events."""
