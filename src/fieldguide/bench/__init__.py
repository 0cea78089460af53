"""Measurements. Nothing but the command line imports this package."""
