"""Lists of everything the register holds, made from the declarations of the concepts."""
