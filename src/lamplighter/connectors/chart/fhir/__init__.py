"""A chart that is a FHIR R4 server."""
