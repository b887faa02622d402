"""Quality and accessibility indicators of a log and its survey, as Annex 3 of a regulation asks for them."""
