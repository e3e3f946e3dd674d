"""Engines that run the fixed program."""
