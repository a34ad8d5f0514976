"""pymavlink flies the simulator: arm, take off, go to a point, land, in either flavour.

    pymavlink_flight.py ardupilot tcp:127.0.0.1:5760
    pymavlink_flight.py px4 udpin:127.0.0.1:14550

Exits 0 when all of it was seen, else 1 with the reason. Waits count vehicle time, with a wall-clock limit behind it.
"""
import math
import sys
import time

from pymavlink import mavutil

WALL_LIMIT_S = 120.0
GUIDED = 4


class Failed(Exception):
    """What was expected and not seen."""


class Flight:
    def __init__(self, autopilot, url):
        self.px4 = autopilot == "px4"
        self.link = mavutil.mavlink_connection(url, source_system=255, source_component=190, dialect="ardupilotmega")
        self.position = None
        self.armed = False
        self.mode = None
        self.now_s = 0.0
        self.texts = []
        self.goal = None
        self.last_beat = self.last_goal = -1e9
        self.acks = []
        self.deadline = time.monotonic() + WALL_LIMIT_S

    def pump(self):
        """Sends what is due and takes one message."""
        if time.monotonic() > self.deadline:
            raise Failed(f"{WALL_LIMIT_S:.0f} s of wall time are over; position {self.position}, texts {self.texts[-5:]}")
        wall = time.monotonic()
        if wall - self.last_beat > 0.1:
            self.last_beat = wall
            self.link.mav.heartbeat_send(6, 8, 0, 0, 4)
        if self.goal and wall - self.last_goal > 0.01:
            self.last_goal = wall
            x, y, z = self.goal
            self.link.mav.set_position_target_local_ned_send(0, 1, 1, 1, 0xDF8, x, y, z, 0, 0, 0, 0, 0, 0, 0, 0)
        message = self.link.recv_match(blocking=True, timeout=0.01)
        if message is None:
            return
        kind = message.get_type()
        if kind == "HEARTBEAT" and message.get_srcComponent() == 1:
            self.armed = bool(message.base_mode & 128)
            self.mode = message.custom_mode
        elif kind == "LOCAL_POSITION_NED":
            self.position = (message.x, message.y, message.z)
            self.now_s = message.time_boot_ms / 1000.0
        elif kind == "STATUSTEXT":
            self.texts.append(message.text)
        elif kind == "COMMAND_ACK":
            self.acks.append((message.command, message.result))

    def until(self, what, condition, limit_s):
        """Pumps until `condition`; `limit_s` is vehicle time."""
        start_s = None
        while not condition():
            self.pump()
            if start_s is None or start_s == 0.0:
                start_s = self.now_s
            if self.now_s - start_s > limit_s:
                raise Failed(f"{what}: not within {limit_s} s of vehicle time; position {self.position}, "
                             f"armed {self.armed}, mode {self.mode}, texts {self.texts[-5:]}")

    def command(self, number, *params, expect=0):
        params = list(params) + [0.0] * (7 - len(params))
        self.acks.clear()
        self.link.mav.command_long_send(1, 1, number, 0, *params)
        self.until(f"ACK of {number}", lambda: any(c == number and r != 5 for c, r in self.acks), 10.0)
        result = [r for c, r in self.acks if c == number and r != 5][-1]
        if result != expect:
            raise Failed(f"command {number} gave result {result}, expected {expect}; texts {self.texts[-5:]}")

    def near(self, x, y, z, radius):
        return self.position is not None and math.dist(self.position, (x, y, z)) < radius

    def fly(self):
        self.until("heartbeat", lambda: self.mode is not None, 60.0)
        for message in (32, 30):
            self.command(511, message, 50_000)
        self.until("position", lambda: self.position is not None, 60.0)
        if not self.px4:
            self.command(176, 1, GUIDED)
        self.arm()
        if self.px4:
            self.command(22, 0, 0, 0, math.nan, math.nan, math.nan, 498.0)
        else:
            self.command(22, 0, 0, 0, 0, 0, 0, 10.0)
        self.until("10 m", lambda: self.position[2] < -9.5, 40.0)
        self.until("hold", lambda: True, 1.0)
        self.goal = (20.0, 10.0, -15.0)
        if self.px4:
            start_s = self.now_s
            self.until("a stream of set-points", lambda: self.now_s > start_s + 1.0, 5.0)
            self.command(176, 1, 6)
        self.until("the point 20 m north, 10 m east, 15 m up", lambda: self.near(20.0, 10.0, -15.0, 1.0), 40.0)
        if self.px4:
            self.command(21, 0, 0, 0, math.nan, math.nan, math.nan, math.nan)
        else:
            self.command(176, 1, 9)
        self.goal = None
        self.until("landed and disarmed", lambda: not self.armed, 90.0)
        if abs(self.position[2]) > 0.8 or math.hypot(self.position[0] - 20.0, self.position[1] - 10.0) > 2.5:
            raise Failed(f"landed at {self.position}")

    def arm(self):
        """Arms as soon as the vehicle lets us."""
        start_s = self.now_s
        while True:
            self.acks.clear()
            self.link.mav.command_long_send(1, 1, 400, 0, 1, 0, 0, 0, 0, 0, 0)
            self.until("ACK of arming", lambda: any(c == 400 for c, _ in self.acks), 10.0)
            if self.acks[-1][1] == 0:
                break
            if self.now_s - start_s > 60.0:
                raise Failed(f"never armed: {self.texts[-5:]}")
            again_s = self.now_s + 1.0
            self.until("a second", lambda: self.now_s > again_s, 3.0)
        self.until("armed", lambda: self.armed, 3.0)


def main():
    autopilot, url = sys.argv[1], sys.argv[2]
    try:
        Flight(autopilot, url).fly()
    except Failed as failed:
        print(f"pymavlink against {autopilot}: {failed}", file=sys.stderr)
        return 1
    print(f"pymavlink flew the {autopilot} flavour")
    return 0


if __name__ == "__main__":
    sys.exit(main())
