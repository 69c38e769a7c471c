"""Is it alive, is it ready, how is it called. Rank 12: asks the database and the code, changes nothing."""
