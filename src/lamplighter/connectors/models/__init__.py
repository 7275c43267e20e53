"""Large models that may help to understand. They never speak to a person and never decide. Off by default."""
