"""What is allowed to whom."""
