"""The ways to the same answer: the shipped program and its peers."""
