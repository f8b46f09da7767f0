"""Takes packets out of an MPEG transport stream (ISO/IEC 13818-1), with or without a trace.

A stream here has one video and one audio PID, PTS below a wrap, and PES headers that fit in one packet, as
FFmpeg's muxer writes them.
"""

PACKET = 188

KEEP = "keep"      # the PES packet stays
REMOVE = "remove"  # it was never sent: continuity counters run on, and so does the clock reference
DAMAGE = "damage"  # one of its transport packets was lost on the way: a continuity counter is skipped


def _payload_offset(packet):
    control = packet[3] >> 4 & 3
    if not control & 1:
        return PACKET
    return 5 + packet[4] if control & 2 else 4


def _has_pcr(packet):
    return bool(packet[3] & 0x20) and packet[4] > 0 and bool(packet[5] & 0x10)


def _pes_start(packet):
    """(kind, PTS in seconds) of the PES packet that starts in this transport packet, or None."""
    if not packet[1] & 0x40:
        return None
    pes = packet[_payload_offset(packet):]
    if pes[:3] != b"\0\0\1" or not pes[7] & 0x80:
        return None
    kind = "video" if pes[3] & 0xF0 == 0xE0 else "audio"
    pts = (pes[9] >> 1 & 7) << 30 | pes[10] << 22 | pes[11] >> 1 << 15 | pes[12] << 7 | pes[13] >> 1
    return kind, pts / 90000


def _packets(data):
    for at in range(0, len(data), PACKET):
        packet = data[at:at + PACKET]
        if packet[0] != 0x47:
            raise ValueError(f"no sync byte at {at}")
        yield packet


def first_pts(data, kind):
    for packet in _packets(data):
        start = _pes_start(packet)
        if start and start[0] == kind:
            return start[1]
    raise ValueError(f"no {kind} in the stream")


def _clock_only(packet):
    """The packet's clock reference without its payload."""
    flags_and_pcr = bytes([packet[5] & 0x10]) + packet[6:12]
    header = bytes([0x47, packet[1] & 0xBF, packet[2], packet[3] & 0xC0 | 0x20, PACKET - 5])
    return header + flags_and_pcr + b"\xff" * (PACKET - 5 - len(flags_and_pcr))


def _with_counter(packet, counter):
    return packet[:3] + bytes([packet[3] & 0xF0 | counter & 0x0F]) + packet[4:]


def _pid(packet):
    return (packet[1] & 0x1F) << 8 | packet[2]


def _has_payload(packet):
    return bool(packet[3] & 0x10)


def _lengths(data):
    """The number of transport packets of each PES packet, in order, for each PID."""
    lengths = {}
    for packet in _packets(data):
        if _pes_start(packet):
            lengths.setdefault(_pid(packet), []).append(0)
        if _has_payload(packet) and _pid(packet) in lengths:
            lengths[_pid(packet)][-1] += 1
    return lengths


def rewrite(data, fate):
    """The stream after `fate(kind, pts)` was asked for each PES packet. A damaged one loses the transport packet in
    its middle, or nothing if it has fewer than three."""
    out = bytearray()
    lengths = _lengths(data)
    removed = {}   # transport packets removed without a trace, for each PID
    counter = {}   # the last continuity counter written, for each PID
    verdict = {}   # the fate of the PES packet that each PID is in
    number = {}    # the number of that PES packet
    position = {}  # the number of the transport packet in it
    for packet in _packets(data):
        pid = _pid(packet)
        start = _pes_start(packet)
        if start:
            verdict[pid], number[pid], position[pid] = fate(*start), number.get(pid, -1) + 1, 0
        elif _has_payload(packet) and pid in position:
            position[pid] += 1
        action = verdict.get(pid, KEEP)
        if _has_payload(packet) and action == REMOVE:
            removed[pid] = removed.get(pid, 0) + 1
            if _has_pcr(packet):
                out += _with_counter(_clock_only(packet), counter.get(pid, 0))
            continue
        if _has_payload(packet) and action == DAMAGE:
            length = lengths[pid][number[pid]]
            if length >= 3 and position[pid] == length // 2:
                continue
        counter[pid] = (packet[3] & 0x0F) - removed.get(pid, 0)
        out += _with_counter(packet, counter[pid])
    return bytes(out)
