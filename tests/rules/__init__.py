"""Which demand of the documents each story proves, and where in the house it lives."""
