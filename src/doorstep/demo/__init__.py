"""The demo organization of development: people, orders and photos that look like real ones. Rank 12.
May import everything below; nothing imports it but the command line."""
