"""The tasks with MAVSDK 3 through its gRPC server, both from PyPI: with_mavsdk.py TASK HOST:PORT"""
import asyncio
import json
import statistics
import sys
import time

from mavsdk import System
from mavsdk.mission_raw import MissionItem
from mavsdk.offboard import PositionNedYaw

MISSION_ITEMS, COMMANDS, LISTEN_S = 50, 50, 20


def ms(started):
    return (time.monotonic() - started) * 1e3


async def main(task, address):
    host, port = address.rsplit(":", 1)
    drone = System(port=int(port) + 20_000)
    started = time.monotonic()
    await drone.connect(system_address=f"udpin://{host}:{port}")
    async for state in drone.core.connection_state():
        if state.is_connected:
            break
    connected_ms = ms(started)
    if task == "arm":
        while True:
            try:
                await drone.action.arm()
                break
            except Exception:
                if time.monotonic() - started > 90:
                    raise
                await asyncio.sleep(0.2)
        await drone.action.set_takeoff_altitude(3.0)
        await drone.telemetry.set_rate_position(5.0)
        await drone.action.takeoff()
        async for position in drone.telemetry.position():
            if position.relative_altitude_m > 2.6:
                break
        await drone.offboard.set_position_ned(PositionNedYaw(0.0, 0.0, -3.0, 0.0))
        await drone.offboard.start()
        await asyncio.sleep(0.3)
        print(json.dumps({"connected_ms": connected_ms}))
    elif task == "commands":
        times, failed = [], 0
        for _ in range(COMMANDS):
            asked = time.monotonic()
            try:
                await drone.telemetry.set_rate_attitude_euler(50.0)
                times.append(ms(asked))
            except Exception:
                failed += 1
        print(json.dumps({"median_ms": statistics.median(times), "worst_ms": max(times), "failed": failed}))
    elif task == "params":
        asked = time.monotonic()
        params = await drone.param.get_all_params()
        print(json.dumps({"ms": ms(asked), "count": len(params.int_params) + len(params.float_params)}))
    elif task == "mission":
        items = [
            MissionItem(n, 6, 16, int(n == 0), 1, 0.0, 0.0, 0.0, 0.0, round((47.397742 + n * 1e-5) * 1e7), 85455940, 20.0, 0)
            for n in range(MISSION_ITEMS)
        ]
        asked = time.monotonic()
        await drone.mission_raw.upload_mission(items)
        uploaded_ms = ms(asked)
        asked = time.monotonic()
        back = await drone.mission_raw.download_mission()
        # ArduPilot's item 0 is its home, and MAVSDK leaves that to its users.
        same = [(i.x, i.y) for i in back][-len(items) + 1:] == [(i.x, i.y) for i in items][1:]
        print(json.dumps({"upload_ms": uploaded_ms, "download_ms": ms(asked), "same": same}))
    elif task == "listen":
        await drone.telemetry.set_rate_attitude_euler(50.0)
        await drone.telemetry.set_rate_position(50.0)
        count, until = 0, time.monotonic() + LISTEN_S
        async for _ in drone.telemetry.attitude_euler():
            count += 1
            if time.monotonic() > until:
                break
        print(json.dumps({"updates": count}))
    else:
        sys.exit(f"no task {task}")


asyncio.run(main(*sys.argv[1:3]))
