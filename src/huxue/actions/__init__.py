"""Everything that writes: verbs in modules named by noun. Pages, the API, imports and commands call the same ones."""
