"""Cases: the board, the file of one, its steps, and what is beside them."""
