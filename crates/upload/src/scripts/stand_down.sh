# Stops the unit if it waits on the ground. Taking `waiting` away is the claim: a mission that wants to start needs that very file.
if is_active; then
  if mv state/waiting state/claimed 2>/dev/null; then
    manager stop "$unit"
    echo stood_down
  else
    echo "the mission unit is running and does not wait: a flight may be under way" >&2
    exit 3
  fi
fi
