# Points `current` at $1 and `previous` at $2, each in one step; an empty one is removed.
point() {
  if [ -z "$2" ]; then
    rm -f "$1"
  else
    ln -s "$2" ".$1.$$"
    mv -T ".$1.$$" "$1"
  fi
}
point previous "$2"
point current "$1"
