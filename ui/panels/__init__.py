"""The parts of the page, each a function from data to HTML."""
