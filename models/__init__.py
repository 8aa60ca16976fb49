"""What giftdesk knows and decides. Nothing here draws or prints."""
