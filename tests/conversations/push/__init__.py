"""What reaches the devices of members."""
