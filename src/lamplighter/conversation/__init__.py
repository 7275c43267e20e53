"""The dialogue, pure: events in, actions out. No I/O, no clock, no randomness.

What it must not know: databases, sockets, sound, today's configuration when it folds a log. Time comes in with each
event; everything that needs the outside world goes out as an action and comes back as an event.
"""
