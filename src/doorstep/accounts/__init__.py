"""Organizations, their people and workers. Knows who belongs where and with which role.
Rank 3: knows nothing of sign-in, orders or money."""
