"""What reaches insurers: X12 and the clearinghouses that carry it."""
