echo "machine=$(uname -m)"
echo "scope=$scope"
for tool in tar sha256sum find mv ln readlink mktemp df timeout; do
  command -v "$tool" >/dev/null 2>&1 || echo "missing=$tool"
done
df -Pk . | { read -r _; read -r _ _ _ free _; echo "free_kib=$free"; }
echo "current=$(readlink current || :)"
echo "previous=$(readlink previous || :)"
echo "no_unit=$(no_unit)"
