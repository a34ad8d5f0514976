"""A vehicle by pymavlink, which is not ours: speaks signed (or not), checks what it hears, and says so in one line of JSON.

usage: signed_vehicle.py PORT MODE KEYHEX; modes: right, wrong, unsigned, replay, setup
"""
import json
import os
import sys
import time

os.environ["MAVLINK20"] = "1"
os.environ["MAVLINK_DIALECT"] = "ardupilotmega"
from pymavlink import mavutil

port, mode, key = int(sys.argv[1]), sys.argv[2], bytes.fromhex(sys.argv[3])
link = mavutil.mavlink_connection(f"udpout:127.0.0.1:{port}", source_system=1, source_component=1)
if mode == "wrong":
    link.setup_signing(bytes(reversed(key)), link_id=4)
elif mode in ("right", "replay"):
    link.setup_signing(key, link_id=4)
mav = mavutil.mavlink
old, set_up, heard = [], 0, 0


def send(message):
    raw = message.pack(link.mav)
    old.append(bytes(raw))
    link.write(raw)


until = time.time() + 4.0
beat = 0.0
while time.time() < until:
    if time.time() > beat:
        beat = time.time() + 0.2
        send(link.mav.heartbeat_encode(mav.MAV_TYPE_QUADROTOR, mav.MAV_AUTOPILOT_ARDUPILOTMEGA, 81, 0, mav.MAV_STATE_STANDBY))
        if mode == "replay" and len(old) > 5:
            for raw in old[:5]:
                link.write(raw)
    message = link.recv_match(blocking=True, timeout=0.05)
    if message is None or message.get_type() == "BAD_DATA":
        continue
    heard += 1
    if message.get_type() == "COMMAND_LONG":
        send(link.mav.command_ack_encode(message.command, 0, 255, 0, message.get_srcSystem(), message.get_srcComponent()))
    if message.get_type() == "SETUP_SIGNING" and mode == "setup" and set_up == 0:
        link.setup_signing(bytes(message.secret_key), link_id=4, initial_timestamp=message.initial_timestamp)
        set_up += 1
signing = link.mav.signing
print(json.dumps({"heard": heard, "good": signing.goodsig_count, "bad": signing.badsig_count, "unsigned": signing.unsigned_count,
                  "refused": signing.reject_count, "set_up": set_up, "sent": len(old), "key_is_right": link.mav.signing.secret_key == key}))
