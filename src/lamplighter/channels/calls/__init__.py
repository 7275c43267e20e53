"""One call as a contact, whatever line it comes by."""
