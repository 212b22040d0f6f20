"""LINE's door: what comes in, what goes out, and a LINE of our own to try it with."""
