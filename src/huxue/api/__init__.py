"""The same items and verbs as the pages, as JSON: same session, same permissions, same scope. See ``items``."""
