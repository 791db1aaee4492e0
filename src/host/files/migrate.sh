# Runs in a wrapper that holds the lock, as does manage.py itself. DJD_RELEASE: folder. Arguments: aliases of databases.
# The last one takes the shell's place, so that an end that is asked for reaches it.
set_database() {
  [ "$1" = default ] && database= || database=--database=$1
  [ -z "$database" ] || printf 'Database %s:\n' "$1"
}
while [ "$#" -gt 1 ]; do
  set_database "$1"
  "$DJD_RELEASE/.djdeploy/launch" manage migrate --noinput --verbosity 1 ${database:+"$database"} || exit
  shift
done
set_database "$1"
exec "$DJD_RELEASE/.djdeploy/launch" manage migrate --noinput --verbosity 1 ${database:+"$database"}
