"""The system's own work on a schedule: the table of jobs, the one runner, the elected leader. Knows every feature's
jobs, and no page or address."""
