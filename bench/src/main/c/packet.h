/* packet: a UDP datagram over IPv4 and Ethernet, made once and sent as it stands. */
#ifndef MANX_PACKET_H
#define MANX_PACKET_H

#include <stdint.h>

enum { PACKET_ROOM = 2048 };

struct packet {
	uint8_t bytes[PACKET_ROOM];
	unsigned length;
};

/* By the arguments from_mac, to_mac, from, from_port, to, to_port, bytes (of the frame), tos. */
void packet_make(struct packet *packet);

#endif
