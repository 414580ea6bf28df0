# send.py: sends frames from an interface whose skbs have but so many bytes in their linear part, the rest in page fragments.
# Arguments: INTERFACE. Each line of standard input is BYTES FRAME-IN-HEX, and is answered by "sent" or "dropped".
# The kernel does so for frames longer than a page, as the header in front of the frame asks it (struct virtio_net_hdr).
import errno
import socket
import struct
import sys

SOL_PACKET, PACKET_VNET_HDR, MARK = 263, 15, 7

port = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
port.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
port.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, MARK)
port.bind((sys.argv[1], 0))
print("ready", flush=True)
for line in sys.stdin:
    linear, frame = line.split()
    try:
        port.send(struct.pack("=BBHHHH", 0, 0, int(linear), 0, 0, 0) + bytes.fromhex(frame))
        print("sent", flush=True)
    except OSError as error:
        if error.errno != errno.ENOBUFS:
            raise
        print("dropped", flush=True)  # by a program at the interface's egress
