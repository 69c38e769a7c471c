"""Doorstep runs small home-service companies: request, schedule, do, show, get paid."""

__version__ = "0.1.0"
