"""Measurements. Nothing else imports this package."""
