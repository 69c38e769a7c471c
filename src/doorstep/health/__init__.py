"""Is it alive, is it ready. Rank 12: asks the database and the code, touches nothing."""
