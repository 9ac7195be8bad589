"""What the composer and the pages of templates submit, checked."""
