"""The demo: a town with no citizens' names, a sandbox Slack and the bot, on this machine only."""
