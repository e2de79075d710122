"""What a block tells while somebody trains with it, shown in a terminal."""
