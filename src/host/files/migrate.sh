# Runs in a wrapper that holds the lock, as does manage.py itself. DJD_RELEASE: folder.
exec "$DJD_RELEASE/.djdeploy/launch" manage migrate --noinput --verbosity 1
