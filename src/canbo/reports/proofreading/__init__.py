"""The proofreader: finds what a written report claims about its own numbers, and says what does not hold.

Plain Python over text; nothing here knows the register or a database. A known limit is left unsaid rather than guessed:
an error is named only where the words of the text leave one reading.
"""
