# Moves the folder $1 to the version $2; a damaged version of that name makes room for it.
if [ -e "versions/$2" ]; then
  mv -T "versions/$2" "$1.replaced"
fi
mv -T "$1" "versions/$2"
rm -rf "$1.replaced"
