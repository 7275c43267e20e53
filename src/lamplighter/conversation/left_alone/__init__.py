"""How people say that they want no more messages, want them again, want help, or are not who we wrote to: a file per
language, read whatever language a contact is in."""
