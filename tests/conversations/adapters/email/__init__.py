"""Reading mail: pure code, so its modules are tested by tables of what comes in."""
