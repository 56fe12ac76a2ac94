"""Planning: succession entries per post, level and term; targets per unit and year; goals of a resolution."""
