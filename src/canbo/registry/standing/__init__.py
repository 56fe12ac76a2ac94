"""Standing: classifications, results of votes of confidence, required papers, training completed, recruitment."""
