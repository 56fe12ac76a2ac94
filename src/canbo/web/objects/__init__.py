"""Pages of one thing: a unit, a person, a post, a document, a decision, a record and why it is so."""
