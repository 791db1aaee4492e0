# Asks the release's own Django, in its real environment. DJD_RELEASE: folder; DJD_ANSWER: where the answer goes;
# DJD_COLLECT: yes = the same process then fills the release's own STATIC_ROOT; DJD_ALIASES: the databases that are
# migrated, as JSON; empty = those that it finds.
exec "$DJD_RELEASE/.djdeploy/launch" python "$DJD_RELEASE/.djdeploy/djd_inspect.py" "$DJD_ANSWER" "$DJD_COLLECT" "$DJD_ALIASES"
