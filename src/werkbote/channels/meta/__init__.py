"""The WhatsApp Cloud API as Meta documents it: payloads in, calls out."""
