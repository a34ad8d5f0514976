# Prints the SHA-256 of every file in the folder $1; whatever is no plain file is named too.
[ -d "$1" ] || { echo absent; exit 0; }
cd "$1"
find . -type f -exec sha256sum {} +
find . ! -type f ! -type d -exec echo "odd {}" \;
