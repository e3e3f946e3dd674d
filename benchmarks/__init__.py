"""Workloads, and what they cost. Not shipped."""
