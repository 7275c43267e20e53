"""The carriers that take texts to people's telephones and bring theirs, by their official libraries."""
