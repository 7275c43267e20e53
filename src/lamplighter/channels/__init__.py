"""How people reach us, and how we reach them: speech, web, texts. A channel carries and renders; it decides nothing."""
