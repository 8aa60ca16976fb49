"""What giftdesk draws and asks, on the command line and full screen."""
