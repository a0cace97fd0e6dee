"""Read what a team has, cards, configurations, logs, results, and say it as facts of a sheet."""
