"""MAVSDK flies the PX4 flavour: action, telemetry, offboard.

    mavsdk_flight.py udpin://127.0.0.1:14540

Exits 0 when all of it was seen, else 1 with the reason.
"""
import asyncio
import sys

from mavsdk import System
from mavsdk.offboard import OffboardError, PositionNedYaw, VelocityNedYaw

WALL_LIMIT_S = 150.0


async def first(stream, condition, what, limit_s=40.0):
    async def wait():
        async for value in stream:
            if condition(value):
                return value
        raise RuntimeError("stream ended")
    try:
        return await asyncio.wait_for(wait(), limit_s)
    except asyncio.TimeoutError as error:
        raise RuntimeError(f"{what}: not within {limit_s} s") from error


async def fly(url):
    drone = System()
    await drone.connect(system_address=url)
    await first(drone.core.connection_state(), lambda s: s.is_connected, "connection")
    await first(drone.telemetry.health(), lambda h: h.is_global_position_ok and h.is_home_position_ok and h.is_armable,
                "health")
    await drone.action.set_takeoff_altitude(8.0)
    await drone.action.arm()
    await drone.action.takeoff()
    await first(drone.telemetry.position(), lambda p: p.relative_altitude_m > 7.5, "8 m")
    await asyncio.sleep(0.5)
    battery = await first(drone.telemetry.battery(), lambda b: True, "battery")
    if not 50.0 < battery.remaining_percent <= 100.0:
        raise RuntimeError(f"battery {battery.remaining_percent} %")

    await drone.offboard.set_position_ned(PositionNedYaw(0.0, 0.0, -8.0, 0.0))
    try:
        await drone.offboard.start()
    except OffboardError as error:
        raise RuntimeError(f"offboard did not start: {error}") from error
    await drone.offboard.set_position_ned(PositionNedYaw(15.0, 5.0, -10.0, 90.0))
    await first(drone.telemetry.position_velocity_ned(),
                lambda o: abs(o.position.north_m - 15.0) < 0.7 and abs(o.position.east_m - 5.0) < 0.7
                and abs(o.position.down_m + 10.0) < 0.7, "15 m north, 5 m east, 10 m up")
    await drone.offboard.set_velocity_ned(VelocityNedYaw(0.0, -2.0, 0.0, 0.0))
    await first(drone.telemetry.position_velocity_ned(), lambda o: o.position.east_m < 0.0, "2 m/s west")
    await drone.offboard.stop()
    await drone.action.hold()
    await drone.action.land()
    await first(drone.telemetry.armed(), lambda armed: not armed, "landed and disarmed", 60.0)


def main():
    try:
        asyncio.run(asyncio.wait_for(fly(sys.argv[1]), WALL_LIMIT_S))
    except Exception as error:  # whatever went wrong is the reason
        print(f"MAVSDK against px4: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    print("MAVSDK flew the px4 flavour")
    return 0


if __name__ == "__main__":
    sys.exit(main())
