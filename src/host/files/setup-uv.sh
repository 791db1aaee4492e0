# Installs uv from the package index into a folder of its own. Parameters: folder, version.
IFS= read -r folder
IFS= read -r version
rm -rf "$folder"
mkdir -p "${folder%/*}"
python3 -m venv "$folder"
cd /
"$folder/bin/python" -m pip install -q --disable-pip-version-check --no-input --root-user-action ignore \
  --only-binary :all: "uv==$version" >&2 || { rm -rf "$folder"; fail "pip could not install uv $version"; }
