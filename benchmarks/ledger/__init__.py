"""The ledger at size: importing, single appends by several processes, verifying, lists."""
