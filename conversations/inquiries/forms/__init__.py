"""What members type about inquiries, checked."""
