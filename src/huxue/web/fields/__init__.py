"""Fields that a rulebook declares, as people meet them: controls of a form, what was typed, and what a page shows."""
