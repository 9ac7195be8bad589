"""First run: the first admin, the first client company, and further companies."""
