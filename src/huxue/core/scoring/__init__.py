"""Scoring: indicator trees, and what they give an organisation for one assessment year."""
