"""The shell around the apps: settings, addresses, jobs, local services. Nobody imports it."""
