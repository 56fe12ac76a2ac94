"""Pages of what travels: a unit's offline kit and interchange package, and taking in what came."""
