"""The page on which somebody pastes a report, or drops its file, and sees which of its numbers hold."""
