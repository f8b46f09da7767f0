"""A transport stream as a list of packets, to lose, damage and rearrange them."""

from dataclasses import dataclass

SIZE = 188
VIDEO_PID = 0x100  # the numbers that FFmpeg's muxer gives out
AUDIO_PID = 0x101
CLOCK = 90000  # ticks a second of a PTS


@dataclass
class Packet:
    data: bytes
    pid: int
    starts_unit: bool
    time: float  # seconds since the first PTS of the stream; of the unit that the packet belongs to
    has_payload: bool


def _pts(payload):
    if payload[:3] != b"\0\0\1" or not payload[7] & 0x80:
        return None
    b = payload[9:14]
    return (b[0] >> 1 & 7) << 30 | b[1] << 22 | b[2] >> 1 << 15 | b[3] << 7 | b[4] >> 1


def packets(path):
    raw = path.read_bytes()
    times, first, out = {}, None, []
    for at in range(0, len(raw) - SIZE + 1, SIZE):
        data = raw[at : at + SIZE]
        pid = (data[1] & 0x1F) << 8 | data[2]
        starts, has_payload = bool(data[1] & 0x40), bool(data[3] & 0x10)
        header = 4 + (1 + data[4] if data[3] & 0x20 else 0)
        if starts and has_payload and pid in (VIDEO_PID, AUDIO_PID):
            pts = _pts(data[header:])
            if pts is not None:
                first = pts if first is None else first
                times[pid] = (pts - first) / CLOCK
        out.append(Packet(data, pid, starts, times.get(pid, 0.0), has_payload))
    return out


def join(parts):
    return b"".join(p.data for p in parts)


def without(parts, pid, start, end, count=None):
    """Loses the packets of `pid` in [start, end), or the first `count` of them."""
    kept, lost = [], 0
    for p in parts:
        if p.pid == pid and start <= p.time < end and (count is None or lost < count):
            lost += 1
        else:
            kept.append(p)
    return kept


def damaged(parts, pid, start, end):
    """Overwrites the second half of the packets inside units of `pid` in [start, end); headers stay whole."""
    out = []
    for p in parts:
        if p.pid == pid and start <= p.time < end and not p.starts_unit and p.has_payload:
            p = Packet(p.data[:94] + bytes((7 * i) & 0xFF for i in range(94)), p.pid, False, p.time, True)
        out.append(p)
    return out
