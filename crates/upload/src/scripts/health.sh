# After a switch: `current` is version $1, its program has that digest, and with $2 = unit the unit waits within 10 s.
[ "$(readlink current)" = "versions/$1" ] || { echo "current does not point at the new version" >&2; exit 4; }
sum=$(sha256sum <current/mission)
[ "${sum%% *}" = "$1" ] || { echo "the program is not the one that was uploaded" >&2; exit 4; }
if [ "$2" = unit ]; then
  tries=0
  while ! [ -e state/waiting ]; do
    is_active || { echo "the mission unit ended instead of waiting (journalctl -u $unit)" >&2; exit 4; }
    tries=$((tries + 1))
    [ "$tries" -le 20 ] || { echo "the mission unit does not wait after 10 s" >&2; exit 4; }
    sleep 0.5
  done
fi
