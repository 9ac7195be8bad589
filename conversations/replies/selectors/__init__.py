"""What the composer and the pages of templates show."""
