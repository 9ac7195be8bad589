"""The fragments of the composer and the settings of templates, one URL each."""
