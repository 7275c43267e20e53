"""Federal and state rules as data (`states.toml`, `ai_laws.toml`) and the questions asked of them (`profile.py`)."""
