# Builds a virtual environment in its final place (scripts in it carry absolute paths) and marks it ready last.
# DJD_VENV: folder; DJD_PYTHON: interpreter; DJD_INSTALLER: pip or uv; DJD_UV: path of uv;
# DJD_HASHES: yes where every requirement carries hashes; DJD_EXTRA: a pinned server the requirements lack, or empty;
# DJD_READY: what the mark says. DJD_MODE requirements: the arguments are requirement files; declared: requirements
# themselves; sync: options of `uv sync`.
set -eu
umask 022
say() { printf '%s\n' "$*"; }
if [ "$DJD_MODE" = requirements ]; then
  for file in "$@"; do set -- "$@" -r "$file"; shift; done
fi
# pip and ensurepip do not always say that the disk is full.
room() {
  free=$(df -Pk "${DJD_VENV%/*}" | awk 'NR == 2 { print $4 }')
  [ "$free" -ge 4096 ] || say "No space left on device: $free KB free at ${DJD_VENV%/*}"
}
trap '[ $? -eq 0 ] || room' EXIT
rm -rf "$DJD_VENV"
mkdir -p "$(dirname "$DJD_VENV")"
if [ "$DJD_INSTALLER" = uv ]; then
  # uv compiles nothing unless it is asked to, and the user that runs it may write none of it: each start would compile all.
  UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 UV_COMPILE_BYTECODE=1
  export UV_PYTHON_DOWNLOADS UV_NO_PROGRESS UV_COMPILE_BYTECODE
  if [ "$DJD_MODE" = sync ]; then
    UV_PROJECT_ENVIRONMENT=$DJD_VENV
    export UV_PROJECT_ENVIRONMENT
    say "uv sync --frozen --no-install-project $*"
    "$DJD_UV" sync --frozen --no-install-project --no-install-workspace --no-editable --python "$DJD_PYTHON" "$@"
  else
    "$DJD_UV" venv --quiet --python "$DJD_PYTHON" "$DJD_VENV"
    hashes=
    if [ "$DJD_HASHES" = yes ]; then hashes=--require-hashes; fi
    if [ $# -gt 0 ]; then "$DJD_UV" pip install --python "$DJD_VENV/bin/python" $hashes "$@"; fi
  fi
  if [ -n "$DJD_EXTRA" ]; then "$DJD_UV" pip install --python "$DJD_VENV/bin/python" "$DJD_EXTRA"; fi
else
  "$DJD_PYTHON" -m venv "$DJD_VENV"
  hashes=
  if [ "$DJD_HASHES" = yes ]; then hashes=--require-hashes; fi
  pip() { "$DJD_VENV/bin/python" -m pip --no-input --disable-pip-version-check "$@"; }
  if [ $# -gt 0 ]; then
    say "pip install $hashes $*"
    pip install --no-color --progress-bar off $hashes "$@"
  fi
  if [ -n "$DJD_EXTRA" ]; then pip install --no-color --progress-bar off "$DJD_EXTRA"; fi
fi
"$DJD_VENV/bin/python" - "$DJD_READY" <<'PY'
import json, os, sys
from importlib.metadata import distributions
ready = json.loads(sys.argv[1])
ready["packages"] = {d.metadata["Name"].lower().replace("_", "-"): d.version for d in distributions() if d.metadata["Name"]}
ready["python"] = sys.version.split()[0]
file = os.path.join(sys.prefix, ".djdeploy-ready.json")
with open(file + ".new", "w") as out:
    json.dump(ready, out)
os.rename(file + ".new", file)
PY
