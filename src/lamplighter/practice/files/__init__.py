"""One module per file of a practice's folder: what may be written in it, and what it becomes."""
