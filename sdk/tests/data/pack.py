#!/usr/bin/env python3
"""Packs recorded messages (decoded JSON lines) with pymavlink, an encoder that is not ours, for the decoding tests.

Usage: pack.py sample RECORDING.jsonl.gz.. [SESSION.tlog.gz]   writes the committed files beside this one
       pack.py all OUT RECORDING.jsonl.gz.. [SESSION.tlog.gz]  writes NAME.bin and NAME.jsonl for each recording into OUT

A line of NAME.jsonl belongs to a frame of NAME.bin: `m` the message, `msgid` its number, its fields as recorded, and in `names` what
pymavlink calls the values of enum fields. The sample takes, of each message kind and autopilot, entries spread over all
recordings, and marks in `sdk` those that the SDK reads by itself. What pymavlink does not know is listed at the end.
"""
import collections
import gzip
import json
import pathlib
import sys

from pymavlink import mavutil
from pymavlink.dialects.v20 import all as mav

# What the SDK reads by offset: more of these, because each is compared field by field with what it makes of them.
READ = set(
    """HEARTBEAT SYS_STATUS SYSTEM_TIME PARAM_VALUE GPS_RAW_INT ATTITUDE ATTITUDE_QUATERNION LOCAL_POSITION_NED GLOBAL_POSITION_INT
    SERVO_OUTPUT_RAW RC_CHANNELS VFR_HUD COMMAND_ACK TIMESYNC DISTANCE_SENSOR TERRAIN_REPORT ALTITUDE BATTERY_STATUS WIND
    EKF_STATUS_REPORT ESTIMATOR_STATUS HOME_POSITION EXTENDED_SYS_STATE STATUSTEXT CURRENT_MODE""".split()
)
OF_EACH, OF_READ = 2, 6
# Bytes of the session that are committed.
SESSION = 8_000
here = pathlib.Path(__file__).parent
unknown = collections.Counter()


def kind_of(name):
    return getattr(mav, f"MAVLink_{name.lower()}_message", None)


def names_of(kind, fields):
    """What pymavlink calls the values of enum fields: the one value, and the bits."""
    names = {}
    for field, enum in kind.fieldenums_by_name.items():
        value, entries = fields.get(field, 0), mav.enums.get(enum, {})
        if not isinstance(value, int):
            continue
        known = {number: entry.name for number, entry in entries.items() if not entry.name.endswith("_ENUM_END")}
        bits = {number: name for number, name in known.items() if number and number & (number - 1) == 0 and value & number}
        names[field] = {"value": known.get(value), "bits": sorted(bits.values()), "rest": value & ~sum(bits)}
    return names


def packed(entry, packer):
    kind = kind_of(entry["m"])
    number = lambda v: float(v) if v in ("nan", "inf", "-inf") else v
    fields = {key: value for key, value in entry.items() if key in kind.fieldnames}
    texts = [key for key, wire in zip(kind.fieldnames, kind.fieldtypes) if wire == "char"]
    values = []
    for key in kind.fieldnames:
        value = fields.get(key, "" if key in texts else 0)
        values.append([number(v) for v in value] if isinstance(value, list) else value.encode() if key in texts else number(value))
    frame = kind(*values).pack(packer)
    return frame, {"m": entry["m"], "msgid": kind.id, **fields, "names": names_of(kind, fields)}


def entries_of(recording):
    for line in gzip.open(recording, "rt"):
        entry = json.loads(line)
        if entry["d"] == "note":
            continue
        if kind_of(entry["m"]) is None:
            unknown[entry["m"]] += 1
            continue
        yield entry


def write(path, entries):
    with open(f"{path}.bin", "wb") as frames, open(f"{path}.jsonl", "w") as lines:
        packers = {c: mav.MAVLink(None, srcSystem=1, srcComponent=c) for c in range(256)}
        for entry in entries:
            frame, line = packed(entry, packers[entry.get("c", 1)])
            frames.write(frame)
            lines.write(json.dumps(line) + "\n")


def spread(entries, count):
    return entries[:: max(1, len(entries) // count)][:count]


def as_json(value):
    if isinstance(value, list):
        return [as_json(element) for element in value]
    if isinstance(value, float) and value - value != 0:
        return str(value)
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def session(tlog, path, limit):
    """The session as it is (a timestamp before each frame), and what pymavlink's own reader makes of it."""
    pathlib.Path(f"{path}.tlog").write_bytes(gzip.open(tlog).read()[:limit])
    reader = mavutil.mavlink_connection(f"{path}.tlog", dialect="all", notimestamps=False)
    with open(f"{path}.jsonl", "w") as lines:
        while (message := reader.recv_match()) is not None:
            name = message.get_type()
            if name.startswith("UNKNOWN") or name == "BAD_DATA":
                unknown[name] += 1
                continue
            fields = {key: as_json(value) for key, value in message.to_dict().items() if key != "mavpackettype"}
            line = {"m": name, "msgid": message.get_msgId(), "s": message.get_srcSystem(), **fields}
            lines.write(json.dumps({**line, "names": names_of(type(message), fields)}) + "\n")


mode, *files = sys.argv[1:]
if mode == "all":
    out, *files = map(pathlib.Path, files)
    out.mkdir(parents=True, exist_ok=True)
for tlog in [f for f in files if str(f).endswith(".tlog.gz")]:
    session(tlog, here / "session" if mode == "sample" else out / "session", SESSION if mode == "sample" else None)
recordings = [f for f in files if str(f).endswith(".jsonl.gz")]
if mode == "all":
    for recording in recordings:
        write(out / pathlib.Path(recording).name.removesuffix(".jsonl.gz"), entries_of(recording))
else:
    found = collections.defaultdict(list)
    for recording in recordings:
        of_kind = collections.defaultdict(list)
        for entry in entries_of(recording):
            of_kind[entry["m"]].append(entry)
        for name, entries in of_kind.items():
            found[pathlib.Path(recording).name[:2], name] += spread(entries, OF_READ)
    for autopilot, file in (("ap", "ardupilot"), ("px", "px4")):
        chosen = [
            entry
            for (of, name), entries in found.items()
            for entry in spread(entries, OF_READ if name in READ else OF_EACH)
            if of == autopilot
        ]
        write(here / file, chosen)
print("pymavlink does not know:", dict(unknown))
