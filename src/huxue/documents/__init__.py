"""Documents on paper: simple values in, bytes of a Word file out."""
