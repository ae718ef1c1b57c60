"""Other systems: asking a forge, telling a channel. The only layer with sockets."""
