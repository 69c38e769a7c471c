"""What can be ordered: services with price, duration, buffer and checklist.
Rank 5: prices are pure arithmetic; nothing here knows an order."""
