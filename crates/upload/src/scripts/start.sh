# Lets the waiting mission of version $1 begin.
[ "$(readlink current)" = "versions/$1" ] || { echo "version $1 is not the current one" >&2; exit 4; }
is_active || { echo "the mission unit does not run" >&2; exit 4; }
[ -e state/waiting ] || { echo "the mission unit does not wait" >&2; exit 4; }
echo "$1" >state/.start.$$
mv -T state/.start.$$ state/start
