"""How the bundled encoder is made: from the data folder to a finished sentence-transformers folder, in one command."""
