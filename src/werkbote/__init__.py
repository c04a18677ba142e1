"""Werkbote: WhatsApp for car dealers and workshops, lawful under the DSGVO and provably so."""
