"""Orders: request, schedule, do, show. States, assignments, checklist, time, photos, timeline.
Rank 7: tells billing and exports by events, never by import."""
