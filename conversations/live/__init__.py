"""Who hears what when a conversation changes."""
