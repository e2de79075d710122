"""What is right and wrong with a block: measured on it, judged here."""
