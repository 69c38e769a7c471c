"""How events leave for other systems: one signed request to an address that somebody else chose, never into our own
house. Nothing here decides what is sent, when, or whether to try again: that is the queue's."""
