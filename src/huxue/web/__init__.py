"""Pages: what somebody sees, and where he does it. Every address says whom it is for (``routing``)."""
