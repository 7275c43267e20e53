"""The practice's books: what people owe, read from what its billing system writes out. `docs/billing.md` has the
columns."""
