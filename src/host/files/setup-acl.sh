# Gives folders their access lists, each from two parameters: path, the list as the kernel keeps it, in base64.
while IFS= read -r path; do
  IFS= read -r acl
  problem=$(python3 -I -c '
import base64, os, sys
try:
    os.setxattr(sys.argv[1], "system.posix_acl_access", base64.b64decode(sys.argv[2]))
except OSError as error:
    print(error.strerror)' "$path" "$acl")
  [ -z "$problem" ] || fail "$path takes no access list ($problem): let nginx enter with chmod o+x $path, and run setup again"
done
