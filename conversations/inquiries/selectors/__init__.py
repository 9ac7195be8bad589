"""Which inquiries a member sees, and what is asked of one."""
