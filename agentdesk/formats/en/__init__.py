"""English, as it is read by people who work in Japan: no months first, no a.m."""
