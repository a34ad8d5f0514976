# Runs the mission program of version $1 with the flag $2 for at most $3 s; $4 .. are an emulator (or nothing), then `--`, then more arguments.
program="$base/versions/$1/mission" flag=$2 limit_s=$3
shift 3
emulator=
while [ "$1" != -- ]; do emulator="$emulator $1"; shift; done
shift
# The emulator's words hold no blanks: they were checked before they were sent.
exec timeout "$limit_s" $emulator "$program" "$flag" "$@"
