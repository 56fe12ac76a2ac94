"""Who is there, and what they may do. Commands still act as the named operator of this machine."""
