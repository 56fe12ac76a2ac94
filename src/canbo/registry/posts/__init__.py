"""Posts, distinct from those who hold them."""
