"""What leaves Slack, and what comes in from files: one file a format, each the only door of its library."""
