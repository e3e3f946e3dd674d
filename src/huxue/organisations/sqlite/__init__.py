"""Django's SQLite, whose writers stand in a line: ``ENGINE`` of a site on SQLite."""
