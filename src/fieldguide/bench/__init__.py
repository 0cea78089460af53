"""Measuring. Not imported by anything else."""
