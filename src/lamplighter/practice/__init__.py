"""What a practice is: profile, people, hours, fees, ladder, protocol and its signature. Knows nothing of contacts."""
