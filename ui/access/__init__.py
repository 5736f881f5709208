"""Who may do what: accounts, tokens, sessions, limits and the audit log, and the door that every request passes."""
