"""Who somebody is, which posts they hold, what they may do there, and how far they see."""
