# Brings our own files in every release that is there up to date, as the user that deploys: a release of an older layout
# would start with its socket in another place. Parameters: folder of the application, that user; then {path: text} as
# JSON. A release without a launcher is left alone.
IFS= read -r site
IFS= read -r deployer
as "$deployer" python3 -I -c '
import json, os, sys

site, files = sys.argv[1], json.load(sys.stdin)
for release in os.scandir(site + "/releases"):
    own = release.path + "/.djdeploy"
    if not release.is_dir(follow_symlinks=False) or not os.path.isfile(own + "/launch.json"):
        continue
    for path, text in files.items():
        file = own + "/" + path
        try:
            with open(file) as there:
                if there.read() == text:
                    continue
        except OSError:
            pass
        os.makedirs(os.path.dirname(file), mode=0o750, exist_ok=True)
        with open(file + ".new", "w") as new:
            new.write(text)
            os.fchmod(new.fileno(), 0o755 if path == "launch" else 0o644)
            new.flush()
            os.fsync(new.fileno())
        os.rename(file + ".new", file)
' "$site"
