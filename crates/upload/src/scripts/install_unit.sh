# Installs the unit from stdin, keeping the one before it, and starts it: it waits.
rm -f state/unit.before
mkdir -p "$units"
if [ -e "$units/$unit" ]; then cp "$units/$unit" state/unit.before; fi
cat >"$units/$unit.new"
mv -T "$units/$unit.new" "$units/$unit"
rm -f state/waiting state/claimed state/start
manager daemon-reload
manager enable "$unit" >/dev/null 2>&1
manager start "$unit"
if [ "$scope" = user ] && ! loginctl enable-linger >/dev/null 2>&1; then
  echo "it does not start at boot before the user logs in (loginctl enable-linger was refused)"
fi
