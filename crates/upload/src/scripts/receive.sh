# Unpacks the tar from stdin into a new folder and prints its name.
incoming=$(mktemp -d versions/.incoming-XXXXXX)
trap 'rm -rf "$incoming"' EXIT
chmod 755 "$incoming"
tar -xof - -C "$incoming"
trap - EXIT
echo "$incoming"
