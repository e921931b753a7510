"""A broker that several devices share: certificates, accounts and who may do what."""
