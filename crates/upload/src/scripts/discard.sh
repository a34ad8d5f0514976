# Removes what an upload that failed has left in the folder $1.
case "$1" in versions/.incoming-*) rm -rf "$1" ;; *) exit 2 ;; esac
