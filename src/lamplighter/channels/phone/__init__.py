"""Real telephones: the practice's own trunk or telephone system, by SIP."""
