"""Signing in: passwords, sessions, API tokens, one-time links, and the guards of every address.
Rank 4: knows people, nothing of orders."""
