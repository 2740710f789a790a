"""The command line: options declared once, commands of about five lines, exit codes."""
