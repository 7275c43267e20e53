"""Email: what goes out by SMTP, and what comes into a practice's mailbox by IMAP."""
