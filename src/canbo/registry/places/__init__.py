"""Places: provinces, communes, villages, enterprises; and which organisation covers which of them."""
