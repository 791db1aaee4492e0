# Takes a site of ours away from nginx. Parameters: its file, its link.
IFS= read -r file
IFS= read -r link
rm -f "$link" "$file"
if command -v nginx >/dev/null && nginx -t >/dev/null 2>&1; then systemctl reload nginx || :; fi
