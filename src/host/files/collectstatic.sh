# Fills the release's own, fresh STATIC_ROOT. DJD_RELEASE: folder.
exec "$DJD_RELEASE/.djdeploy/launch" manage collectstatic --noinput --verbosity 1
