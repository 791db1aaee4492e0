# Runs in a wrapper that holds the lock, as does manage.py itself. DJD_RELEASE: folder. Arguments: aliases of databases.
for alias; do
  if [ "$alias" = default ]; then
    "$DJD_RELEASE/.djdeploy/launch" manage migrate --noinput --verbosity 1 || exit
  else
    printf 'Database %s:\n' "$alias"
    "$DJD_RELEASE/.djdeploy/launch" manage migrate --noinput --verbosity 1 --database "$alias" || exit
  fi
done
