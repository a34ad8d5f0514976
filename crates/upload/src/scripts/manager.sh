# Shared head of every script: $1 is the unit's scope (auto, user, system, none); the rest are the script's own arguments.
set -eu
wanted=$1
shift
# Also where no unit is wanted one from before may wait, and has to be stood down.
case "$wanted" in
  auto | none) if [ "$(id -u)" = 0 ]; then scope=system; else scope=user; fi ;;
  *) scope=$wanted ;;
esac
base="$HOME/flightsmith"
unit=flightsmith.service
if [ "$scope" = system ]; then units=/etc/systemd/system; else units="$HOME/.config/systemd/user"; fi
manager() {
  case "$scope" in
    system) systemctl "$@" ;;
    user) XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-/run/user/$(id -u)}" systemctl --user "$@" ;;
  esac
}
# Prints why no unit can be had; nothing if one can.
no_unit() {
  if [ "$wanted" = none ]; then echo "none was wanted"; return; fi
  if ! command -v systemctl >/dev/null 2>&1; then echo "there is no systemctl"; return; fi
  state=$(manager is-system-running 2>/dev/null || :)
  case "$state" in
    running | degraded | starting | initializing | maintenance) ;;
    *) echo "systemd ($scope) does not run there${state:+ (it says: $state)}" ;;
  esac
}
is_active() { command -v systemctl >/dev/null 2>&1 && [ "$(manager is-active "$unit" 2>/dev/null || :)" = active ]; }
mkdir -p "$base/versions" "$base/state"
cd "$base"
