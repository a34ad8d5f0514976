"""A vehicle by pymavlink that keeps parameters, a mission, a fence, rally points and files, and loses every seventh message it hears.

usage: lists_vehicle.py ardupilot|px4 PORT FOLDER

Sends to UDP PORT; FOLDER is the root of its files. Runs until it is killed.
"""
import os
import struct
import sys
import time
import zlib
from pathlib import Path

os.environ["MAVLINK20"] = "1"
os.environ["MAVLINK_DIALECT"] = "ardupilotmega"
from pymavlink import mavutil

flavour, port, root = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]).resolve()
mav = mavutil.mavlink
link = mavutil.mavlink_connection(f"udpout:127.0.0.1:{port}", source_system=1, source_component=1)
PX4 = flavour == "px4"
REAL = mav.MAV_PARAM_TYPE_REAL32
params = {f"PEER_{n:03}": [n * 0.5, REAL] for n in range(150)}
params["PEER_INT"] = [-70000, mav.MAV_PARAM_TYPE_INT32]
if not PX4:
    params["PEER_INT8"] = [-7, mav.MAV_PARAM_TYPE_INT8]
    params["PEER_INT16"] = [1500, mav.MAV_PARAM_TYPE_INT16]
lists = {0: [], 1: [], 2: []}
upload = None  # [list, count, items, asked at]
current = 0


def param_value(name, index=None):
    value, kind = params[name]
    wire = struct.unpack("<f", struct.pack("<i", value))[0] if PX4 and kind != REAL else float(value)
    names = list(params)
    link.mav.param_value_send(name.encode(), wire, kind, len(names), names.index(name) if index is None else index)


def home():
    return dict(frame=0, command=16, p=[0.0] * 4, x=473977420, y=85455940, z=488.0)


def shown(kind):
    return ([home()] if kind == 0 and not PX4 else []) + lists[kind]


def ask(to):
    kind, _, items, _ = upload
    request = link.mav.mission_request_int_send if PX4 else link.mav.mission_request_send
    request(to[0], to[1], len(items), kind)
    upload[3] = time.time()


def take_mission(m, to):
    global upload, current
    name = m.get_type()
    if name == "MISSION_COUNT":
        if m.count == 0:
            lists[m.mission_type] = []
            link.mav.mission_ack_send(*to, 0, m.mission_type)
            return
        upload = [m.mission_type, m.count, [], 0.0]
        ask(to)
    elif name == "MISSION_ITEM_INT":
        if upload is None or upload[0] != m.mission_type:
            link.mav.mission_ack_send(*to, 1, m.mission_type)
        elif m.seq != len(upload[2]):
            link.mav.mission_ack_send(*to, 13, m.mission_type)
        elif m.command > 40000:
            upload = None
            link.mav.mission_ack_send(*to, 3, m.mission_type)
        else:
            upload[2].append(dict(frame=m.frame, command=m.command, p=[m.param1, m.param2, m.param3, m.param4], x=m.x, y=m.y, z=m.z))
            if len(upload[2]) < upload[1]:
                ask(to)
                return
            lists[upload[0]] = upload[2][1:] if upload[0] == 0 and not PX4 else upload[2]
            link.mav.mission_ack_send(*to, 0, m.mission_type)
            upload = None
    elif name == "MISSION_REQUEST_LIST":
        link.mav.mission_count_send(*to, len(shown(m.mission_type)), m.mission_type)
    elif name == "MISSION_REQUEST_INT":
        items = shown(m.mission_type)
        if m.seq >= len(items):
            link.mav.mission_ack_send(*to, 13, m.mission_type)
            return
        i = items[m.seq]
        link.mav.mission_item_int_send(*to, m.seq, i["frame"], i["command"], 0, 1, *i["p"], i["x"], i["y"], i["z"], m.mission_type)
    elif name == "MISSION_CLEAR_ALL":
        lists[m.mission_type] = []
        link.mav.mission_ack_send(*to, 0, m.mission_type)
    elif name == "MISSION_SET_CURRENT" and m.seq < len(shown(0)):
        current = m.seq


class Files:
    """One session; the last reply is kept for a repeated request."""

    def __init__(self):
        self.file, self.session, self.last = None, 0, (None, None)

    def path(self, data):
        path = (root / data.decode().lstrip("/")).resolve()
        if root not in (path, *path.parents):
            raise PermissionError(13, "outside")
        return path

    def reply(self, to, seq, session, request, offset, data, nak=False, complete=0):
        packet = struct.pack("<HBBBBBBI", (seq + 1) & 0xFFFF, session, 129 if nak else 128, len(data), request, complete, 0, offset) + data
        link.mav.file_transfer_protocol_send(0, *to, packet.ljust(251, b"\0"))
        return packet

    def take(self, m, to):
        seq, session, opcode, size, _, _, _, offset = struct.unpack("<HBBBBBBI", bytes(m.payload[:12]))
        data = bytes(m.payload[12:12 + size])
        if self.last[0] == seq:
            link.mav.file_transfer_protocol_send(0, *to, self.last[1].ljust(251, b"\0"))
            return
        try:
            if opcode == 15:
                self.burst(to, seq, session, offset, size)
                return
            if opcode in (4, 6):
                session = self.open(opcode, data, session)
                answer = struct.pack("<I", self.size) if opcode == 4 else b""
            else:
                answer = self.work(opcode, offset, size, data)
            packet = self.reply(to, seq, session, opcode, offset, answer)
        except EOFError:
            packet = self.reply(to, seq, session, opcode, offset, b"\x06", nak=True)
        except FileNotFoundError:
            packet = self.reply(to, seq, session, opcode, offset, b"\x0a", nak=True)
        except OSError as error:
            packet = self.reply(to, seq, session, opcode, offset, bytes([2, error.errno or 5]), nak=True)
        self.last = (seq, packet)

    def open(self, opcode, data, session):
        if self.file is not None:
            raise OSError(16, "busy")
        path = self.path(data)
        self.size = path.stat().st_size if opcode == 4 else 0
        self.file = open(path, "rb" if opcode == 4 else "wb")
        self.session = 0 if PX4 else session
        return self.session

    def work(self, opcode, offset, size, data):
        if opcode in (1, 2):
            if self.file:
                self.file.close()
            self.file = None
            return b""
        if opcode == 3:
            entries = sorted(self.path(data).iterdir())
            told = b""
            for entry in entries[offset:]:
                text = f"D{entry.name}\0" if entry.is_dir() else f"F{entry.name}\t{entry.stat().st_size}\0"
                if len(told) + len(text) > 239:
                    break
                told += text.encode()
            if not told:
                raise EOFError
            return told
        if opcode == 5:
            self.file.seek(offset)
            part = self.file.read(size)
            if not part:
                raise EOFError
            return part
        if opcode == 7:
            self.file.seek(offset)
            self.file.write(data)
            return struct.pack("<I", len(data)) if PX4 else b""
        if opcode == 8:
            self.path(data).unlink()
        elif opcode == 9:
            self.path(data).mkdir()
        elif opcode == 10:
            self.path(data).rmdir()
        elif opcode == 13:
            old, new = data.split(b"\0")[:2]
            self.path(old).rename(self.path(new))
        elif opcode == 14:
            # zlib complements before and after; MAVLink FTP does not.
            return struct.pack("<I", zlib.crc32(self.path(data).read_bytes(), 0xFFFFFFFF) ^ 0xFFFFFFFF)
        return b""

    def burst(self, to, seq, session, offset, size):
        self.last = (None, None)
        for _ in range(100):
            self.file.seek(offset)
            part = self.file.read(size)
            if not part:
                self.reply(to, seq, session, 15, offset, b"\x06", nak=True)
                return
            self.reply(to, seq, session, 15, offset, part, complete=int(len(part) < size))
            seq, offset = seq + 1, offset + len(part)
            time.sleep(0.0005)
        self.reply(to, seq, session, 15, offset, self.file.read(0) or b"", complete=1)


files = Files()
heard, beat, cursor = 0, 0.0, None
while True:
    now = time.time()
    if now > beat:
        beat = now + 0.5
        kind = mav.MAV_AUTOPILOT_PX4 if PX4 else mav.MAV_AUTOPILOT_ARDUPILOTMEGA
        link.mav.heartbeat_send(mav.MAV_TYPE_QUADROTOR, kind, 81, 0, mav.MAV_STATE_STANDBY)
        link.mav.mission_current_send(current)
        link.mav.global_position_int_send(int(time.monotonic() * 1000) & 0xFFFFFFFF, 473977420, 85455940, 488000, 0, 0, 0, 0, 0)
    if cursor is not None:
        names = list(params)
        for name in names[cursor:cursor + 10]:
            param_value(name)
        cursor = cursor + 10 if cursor + 10 < len(names) else None
    m = link.recv_match(blocking=True, timeout=0.01)
    if upload is not None and now > upload[3] + 0.5:
        ask(to)
    if m is None or m.get_type() in ("BAD_DATA", "HEARTBEAT"):
        continue
    heard += 1
    if heard % 7 == 0:
        continue
    to, name = (m.get_srcSystem(), m.get_srcComponent()), m.get_type()
    if name == "COMMAND_LONG":
        # Knows MISSION_SET_CURRENT only.
        link.mav.command_ack_send(m.command, 3 if m.command == 224 else 0, 255, 0, *to)
    elif name == "PARAM_REQUEST_LIST":
        cursor = 0
    elif name == "PARAM_REQUEST_READ":
        names = list(params)
        if m.param_index >= 0:
            param_value(names[m.param_index])
        elif m.param_id in params:
            param_value(m.param_id, 65535)
    elif name == "PARAM_SET" and m.param_id in params:
        value = struct.unpack("<i", struct.pack("<f", m.param_value))[0] if PX4 and m.param_type != REAL else m.param_value
        kind = params[m.param_id][1]
        if kind == m.param_type:
            params[m.param_id][0] = value if kind == REAL else int(value)
        param_value(m.param_id, 65535)
    elif name.startswith("MISSION_"):
        take_mission(m, to)
    elif name == "FILE_TRANSFER_PROTOCOL":
        files.take(m, to)
