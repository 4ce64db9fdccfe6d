"""Ikrar: a region's whole programme for keeping civil servants neutral in elections."""

__version__ = "0.1.0"
