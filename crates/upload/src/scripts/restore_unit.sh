# Undoes what was done to the unit: $1 is `stood_down` when it waited before, $2 `installed` when a new one was put in its place.
if is_active; then
  mv state/waiting state/claimed 2>/dev/null || { echo "the mission unit is running and does not wait" >&2; exit 3; }
  manager stop "$unit"
fi
if [ "$2" = installed ]; then
  if [ -e state/unit.before ]; then
    mv -T state/unit.before "$units/$unit"
  else
    manager disable "$unit" >/dev/null 2>&1 || :
    rm -f "$units/$unit"
  fi
  manager daemon-reload
fi
rm -f state/waiting state/claimed state/start
if [ "$1" = stood_down ]; then manager start "$unit"; fi
