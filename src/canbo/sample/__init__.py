"""What the sample is made of: invented people in real places.

`territory` reads the administrative units before and after the reorganisation from the data files of an
installed package. `names` invents full names by people and by sex. Both are pure: no database, and chance
only from the generator that the caller seeds: one seed, one sample. The words are in `data/*.yaml`.
"""
