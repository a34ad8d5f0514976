"""Writes signing.jsonl: frames signed by pymavlink, which is not ours. Run with the test venv's python, output to signing.jsonl."""
import json
import os

os.environ["MAVLINK20"] = "1"
from pymavlink.dialects.v20 import ardupilotmega as mav

KEY = bytes(range(32))


class Sink:
    def write(self, data):
        pass


def frames(system, component, link, timestamp, key, messages):
    sender = mav.MAVLink(Sink(), srcSystem=system, srcComponent=component)
    sender.signing.secret_key = key
    sender.signing.link_id = link
    sender.signing.timestamp = timestamp
    sender.signing.sign_outgoing = True
    for make in messages:
        message = make(sender)
        before = sender.signing.timestamp
        raw = message.pack(sender)
        yield {"id": message.get_msgId(), "link": link, "timestamp": before, "raw": bytes(raw).hex()}


heartbeat = lambda m: m.heartbeat_encode(2, 3, 81, 4, 3, 3)
attitude = lambda m: m.attitude_encode(1234, 0.1, -0.2, 0.3, 0.0, 0.0, 0.0)
text = lambda m: m.statustext_encode(6, b"signed by another library")
command = lambda m: m.command_long_encode(1, 1, 400, 0, 1.0, 0, 0, 0, 0, 0, 0)
for case in frames(1, 1, 0, 38_000_000_000_000, KEY, [heartbeat, attitude, text]):
    print(json.dumps({"key": "right", **case}))
for case in frames(255, 190, 7, 38_000_000_000_500, KEY, [heartbeat, command]):
    print(json.dumps({"key": "right", **case}))
for case in frames(1, 1, 0, 38_000_000_001_000, bytes(32), [heartbeat]):
    print(json.dumps({"key": "wrong", **case}))
