"""Two numbers of one person: which leads to which, and which only look alike."""
