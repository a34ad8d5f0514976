#!/usr/bin/env python3
"""Packs a sample of recorded messages (decoded JSON lines) with pymavlink, for the decoding test.

Usage: pack.py RECORDING.jsonl.gz..; writes recorded.bin and recorded.jsonl beside this file.
Every message kind that the SDK reads is taken at most six times from each recording, spread over it.
"""
import gzip
import json
import pathlib
import sys

from pymavlink.dialects.v20 import all as mav

WANTED = [
    "HEARTBEAT", "SYS_STATUS", "SYSTEM_TIME", "PARAM_VALUE", "ATTITUDE", "LOCAL_POSITION_NED", "GLOBAL_POSITION_INT",
    "SERVO_OUTPUT_RAW", "COMMAND_ACK", "TIMESYNC", "BATTERY_STATUS", "WIND", "EKF_STATUS_REPORT", "ESTIMATOR_STATUS",
    "HOME_POSITION", "EXTENDED_SYS_STATE", "STATUSTEXT", "CURRENT_MODE",
]
here = pathlib.Path(__file__).parent
packer = mav.MAVLink(None, srcSystem=1, srcComponent=1)
frames, lines = b"", []
for recording in sys.argv[1:]:
    found = {name: [] for name in WANTED}
    for line in gzip.open(recording, "rt"):
        entry = json.loads(line)
        if entry["d"] == "rx" and entry.get("m") in found:
            found[entry["m"]].append(entry)
    for name, entries in found.items():
        kind = getattr(mav, f"MAVLink_{name.lower()}_message")
        for entry in entries[:: max(1, len(entries) // 6)][:6]:
            fields = {key: value for key, value in entry.items() if key in kind.fieldnames}
            number = lambda v: float(v) if v in ("nan", "inf", "-inf") else v
            values = [[number(x) for x in v] if isinstance(v, list) else number(v) for v in (fields.get(key, 0) for key in kind.fieldnames)]
            values = [v.encode() if isinstance(v, str) else v for v in values]
            frames += kind(*values).pack(packer)
            lines.append(json.dumps({"m": name, **fields}))
(here / "recorded.bin").write_bytes(frames)
(here / "recorded.jsonl").write_text("\n".join(lines) + "\n")
