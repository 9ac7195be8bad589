"""What is done to an inquiry: dialogs and one-key verbs, one URL each."""
