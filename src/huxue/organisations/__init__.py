"""The tree of organisations, its history, posts and who holds them: projections of facts."""
