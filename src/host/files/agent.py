"""The agent: what djdeploy runs on a host for the length of one run."""
