"""The practice's charts: in memory, on paper, or a FHIR server. `docs/chart.md` says what goes there."""
