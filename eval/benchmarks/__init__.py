"""Speed, scale and encoder benchmarks that anyone can run again."""
