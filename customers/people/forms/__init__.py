"""What people type about customers: cleaned, checked, never trusted."""
