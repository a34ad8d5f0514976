"""MAVSDK's server plugins as the autopilot's side: parameters, missions, files.

usage: mavsdk_lists.py PORT MAVSDK_PORT GRPC_PORT FOLDER

MAVSDK's plugins are its component 191 and it begins only once it has heard an autopilot. So this script stands between: it sends to
UDP PORT what MAVSDK says, as component 1, with a PX4's heartbeat, and back what it hears. Prints a line for each mission that arrives;
runs until it is killed.
"""
import asyncio
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

os.environ["MAVLINK20"] = "1"
os.environ["MAVLINK_DIALECT"] = "ardupilotmega"
import mavsdk
from mavsdk import System, mission_raw_server_pb2
from mavsdk.telemetry_server import Heading, Position, VelocityNed
from pymavlink import mavutil

PLUGINS = 191
port, mavsdk_port, grpc_port, folder = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
mav = mavutil.mavlink


def beat(link):
    link.mav.heartbeat_send(mav.MAV_TYPE_QUADROTOR, mav.MAV_AUTOPILOT_PX4, 0, 0, mav.MAV_STATE_STANDBY)


async def stand_between():
    outside = mavutil.mavlink_connection(f"udpout:127.0.0.1:{port}", source_system=1, source_component=1)
    inside = mavutil.mavlink_connection(f"udpout:127.0.0.1:{mavsdk_port}", source_system=255, source_component=190)
    someone = mav.MAVLink(inside, srcSystem=2, srcComponent=1)
    due = 0.0
    while True:
        if time.time() > due:
            due = time.time() + 0.4
            beat(outside)
            inside.write(someone.heartbeat_encode(mav.MAV_TYPE_QUADROTOR, mav.MAV_AUTOPILOT_PX4, 0, 0, 3).pack(someone))
        busy = False
        while (m := outside.recv_msg()) is not None:
            busy = True
            if getattr(m, "target_component", None) == 1:
                m.target_component = PLUGINS
            if m.get_type() != "BAD_DATA":
                inside.write(m.pack(inside.mav))
        while (m := inside.recv_msg()) is not None:
            busy = True
            if m.get_type() != "BAD_DATA" and m.get_srcComponent() == PLUGINS and m.get_type() != "HEARTBEAT":
                outside.write(m.pack(outside.mav))
        await asyncio.sleep(0 if busy else 0.001)


def dies_with_us():
    """Called in the child: the kernel ends it when this process is killed (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


async def report(vehicle):
    while True:
        place = Position(47.397742, 8.545594, 488.0, 0.0)
        await vehicle.telemetry_server.publish_position(place, VelocityNed(0.0, 0.0, 0.0), Heading(0.0))
        await asyncio.sleep(0.25)


async def main():
    between = asyncio.create_task(stand_between())
    server = Path(mavsdk.__file__).parent / "bin/mavsdk_server"
    arguments = ["-p", str(grpc_port), "--sysid", "1", "--compid", "1", f"udpin://127.0.0.1:{mavsdk_port}"]
    subprocess.Popen([server, *arguments], stdout=subprocess.DEVNULL, preexec_fn=dies_with_us)
    vehicle = System(mavsdk_server_address="127.0.0.1", port=grpc_port)
    await vehicle.connect()
    await vehicle.ftp_server.set_root_dir(folder)
    for n in range(60):
        await vehicle.param_server.provide_param_float(f"PEER_{n:03}", n * 0.5)
    await vehicle.param_server.provide_param_int("PEER_INT", -70000)
    # This plugin also takes the requests for message rates.
    reporting = asyncio.create_task(report(vehicle))
    # Its own `incoming_mission` ends at the first mission without giving it, so the call beneath is used.
    stub = vehicle.mission_raw_server._stub
    missions = stub.SubscribeIncomingMission(mission_raw_server_pb2.SubscribeIncomingMissionRequest())
    print("ready", flush=True)
    async for arrived in missions:
        items = arrived.mission_plan.mission_items
        print("mission", len(items), [item.command for item in items], [item.x for item in items], flush=True)
    await asyncio.gather(between, reporting)


asyncio.run(main())
