"""The pure core: values and functions. No clock, no database, no network, no randomness."""
