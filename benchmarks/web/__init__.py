"""The pages of the demonstration city with 100,000 hazards more."""
