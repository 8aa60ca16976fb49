"""Which giftdesk this is; asking the installed package would take longer than everything else that starts."""

VERSION = "0.7.0"
