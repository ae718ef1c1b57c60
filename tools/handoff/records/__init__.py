"""Documents that follow policy: typed opportunities and packets, and their register."""
