"""How people are told something: the channels by the names that diagrams and pages have for them."""

INBOX, MAIL = "站内信", "邮件"
CHANNELS = (INBOX, MAIL)
