"""One module for each noun; its ``ROUTES`` say the addresses, and ``routing`` collects them."""
