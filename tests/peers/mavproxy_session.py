"""MAVProxy connects to the ArduPilot flavour, loads the parameters, changes mode, arms, takes off, lands.

    mavproxy_session.py tcp:127.0.0.1:5760 [mavproxy.py]

Exits 0 when MAVProxy said so itself, else 1 with the reason and what it said last.
"""
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time

WALL_LIMIT_S = 120.0


class Session:
    def __init__(self, program, url, folder):
        self.lines = queue.Queue()
        self.said = []
        self.process = subprocess.Popen(
            [program, f"--master={url}", "--source-system=255", "--default-modules=arm,mode,cmdlong,param,misc,rc",
             f"--state-basedir={folder}", "--aircraft=peer"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=0, cwd=folder,
            env={**os.environ, "HOME": folder})
        threading.Thread(target=self.read, daemon=True).start()
        self.deadline = time.monotonic() + WALL_LIMIT_S

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip())

    def say(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def hear(self, *words, limit_s=30.0):
        """Waits for a line that holds all of `words`."""
        until = min(time.monotonic() + limit_s, self.deadline)
        while time.monotonic() < until:
            try:
                line = self.lines.get(timeout=0.1)
            except queue.Empty:
                if self.process.poll() is not None:
                    break
                continue
            self.said.append(line)
            if all(word.lower() in line.lower() for word in words):
                return line
        raise RuntimeError(f"did not hear {words}; last lines: {self.said[-12:]}")


def main():
    url = sys.argv[1]
    program = sys.argv[2] if len(sys.argv) > 2 else os.path.join(os.path.dirname(sys.executable), "mavproxy.py")
    with tempfile.TemporaryDirectory() as folder:
        session = Session(program, url, folder)
        try:
            session.hear("Received", "parameters", limit_s=60.0)
            session.say("mode GUIDED")
            session.hear("Mode GUIDED")
            session.say("arm throttle")
            session.hear("ARMED")
            session.say("takeoff 12")
            session.hear("Got COMMAND_ACK", "TAKEOFF", "ACCEPTED")
            session.hear("height", limit_s=40.0)
            session.say("mode LAND")
            session.hear("Mode LAND")
            session.hear("DISARMED", limit_s=60.0)
        except Exception as error:  # whatever went wrong is the reason
            print(f"MAVProxy against ardupilot: {error}", file=sys.stderr)
            return 1
        finally:
            session.process.kill()
            session.process.wait()
    print("MAVProxy flew the ardupilot flavour")
    return 0


if __name__ == "__main__":
    sys.exit(main())
