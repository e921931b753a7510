"""Who may see what: accounts, roles, log-in, invitations, sharing, deletion and retention."""
