#!/usr/bin/env python3
"""send.py STREAM.ts PORT…: sends a transport stream to each port of loopback in real time, paced by its PCR.

All streams come from this one process, so that little of the machine goes into sending. They begin a moment apart, so
that key frames do not all come at once. Ends with the stream, or when it is told to.
"""

import pathlib
import socket
import sys
import time

PACKET = 188
DATAGRAM = 7 * PACKET
APART_S = 0.05
TICK_S = 0.004


def pcr_s(packet):
    """ISO/IEC 13818-1, 2.4.3.5; None where the packet holds none."""
    if packet[3] & 0x20 == 0 or packet[4] < 7 or packet[5] & 0x10 == 0:
        return None
    base = int.from_bytes(packet[6:10], "big") << 1 | packet[10] >> 7
    return (base * 300 + ((packet[10] & 1) << 8 | packet[11])) / 27e6


def timetable(data):
    """When each datagram is due, in seconds from the first PCR: evenly between one PCR and the next."""
    clocks = [(at, clock) for at in range(0, len(data), PACKET)
              if (clock := pcr_s(data[at:at + 12])) is not None]
    due = []
    (from_at, from_s), *later = clocks
    zero = from_s
    for to_at, to_s in later:
        while len(due) * DATAGRAM < to_at:
            share = max(0, len(due) * DATAGRAM - from_at) / (to_at - from_at)
            due.append(from_s - zero + share * (to_s - from_s))
        from_at, from_s = to_at, to_s
    return due


def main():
    data = pathlib.Path(sys.argv[1]).read_bytes()
    due = timetable(data)
    datagrams = [data[i * DATAGRAM:(i + 1) * DATAGRAM] for i in range(len(due))]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        addresses = [("127.0.0.1", int(port)) for port in sys.argv[2:]]
        sent = [0] * len(addresses)
        start = time.monotonic()
        while min(sent) < len(due):
            now = time.monotonic() - start
            for i, address in enumerate(addresses):
                while sent[i] < len(due) and due[sent[i]] <= now - i * APART_S:
                    out.sendto(datagrams[sent[i]], address)
                    sent[i] += 1
            time.sleep(TICK_S)


if __name__ == "__main__":
    main()
