"""What the program is made of: licences, a list of parts, and the audit of them."""
