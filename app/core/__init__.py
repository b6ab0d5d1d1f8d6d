"""The pure core: values in, values out. No clock, no socket, no randomness, no logging."""
