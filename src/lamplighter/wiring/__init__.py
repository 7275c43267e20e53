"""The one place that knows every concrete part: settings in, a wired desk out."""
