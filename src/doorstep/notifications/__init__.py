"""The outgoing email queue; one function and three template files a message.
Rank 2: gets plain values, never asks other features."""
