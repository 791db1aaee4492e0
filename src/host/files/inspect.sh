# Asks the release's own Django, in its real environment. DJD_RELEASE: folder; DJD_ANSWER: where the answer goes;
# DJD_COLLECT: yes = the same process then fills STATIC_ROOT; DJD_ALIASES: the databases that are migrated, as JSON; empty =
# those that it finds. DJD_WORK, DJD_TOLD: where another user than the release's runs it.
umask 022
if [ -n "$DJD_WORK" ]; then mkdir -p "$DJD_WORK"; fi
exec "$DJD_RELEASE/.djdeploy/launch" python "$DJD_RELEASE/.djdeploy/djd_inspect.py" "$DJD_ANSWER" "$DJD_COLLECT" "$DJD_ALIASES" \
  ${DJD_WORK:+"$DJD_WORK" "$DJD_TOLD"}
