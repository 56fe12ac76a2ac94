"""Reports as people read them: one neutral document, rendered as HTML, PDF, Word and Excel."""
