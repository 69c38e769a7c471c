"""The organization's clients and the links by which they get in.
Rank 6: knows no orders; a link names one by its id only."""
