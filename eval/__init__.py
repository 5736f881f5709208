"""Questions with gold in, scores and reports out."""
