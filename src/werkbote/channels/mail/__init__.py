"""The e-mail channel: messages composed and handed to one SMTP server, and what comes back as undeliverable."""
