"""The safety suite: what must hold for anybody who reaches a practice, played on that practice's own files."""
