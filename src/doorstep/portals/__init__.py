"""Pages for those outside the office: visitors, clients, workers.
Rank 12: thin views over the services; imports neither admin nor health."""
