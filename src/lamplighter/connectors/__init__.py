"""Other people's systems, a folder each."""
