"""Rules: dated data of a profile with the article that each rests on."""
