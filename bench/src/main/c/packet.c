/* packet: see packet.h */
#include <arpa/inet.h>
#include <netinet/ether.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "packet.h"
#include "traffic.h"

static uint32_t sum(const void *data, unsigned bytes, uint32_t from)
{
	const uint8_t *at = data;

	for (unsigned i = 0; i + 1 < bytes; i += 2)
		from += at[i] << 8 | at[i + 1];
	return bytes & 1 ? from + (at[bytes - 1] << 8) : from;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

static void mac(const char *name, uint8_t *into)
{
	struct ether_addr parsed;

	if (!ether_aton_r(text_of(name), &parsed)) {
		fprintf(stderr, "%s is no MAC\n", text_of(name));
		exit(2);
	}
	memcpy(into, &parsed, ETH_ALEN);
}

void packet_make(struct packet *packet)
{
	struct ether_header *eth = (void *)packet->bytes;
	struct iphdr *ip = (void *)(eth + 1);
	struct udphdr *udp = (void *)(ip + 1);
	unsigned length = number_or("bytes", 64), l4;

	if (length < sizeof(*eth) + sizeof(*ip) + sizeof(*udp) || length > PACKET_ROOM) {
		fprintf(stderr, "a frame of %u bytes can't be made\n", length);
		exit(2);
	}
	memset(packet, 0, sizeof(*packet));
	packet->length = length;
	l4 = length - sizeof(*eth) - sizeof(*ip);
	mac("to_mac", eth->ether_dhost);
	mac("from_mac", eth->ether_shost);
	eth->ether_type = htons(ETHERTYPE_IP);
	ip->version = 4;
	ip->ihl = 5;
	ip->tos = number_or("tos", 0);
	ip->ttl = 64;
	ip->protocol = IPPROTO_UDP;
	ip->tot_len = htons(sizeof(*ip) + l4);
	ip->saddr = address_of(text_of("from"), 0).sin_addr.s_addr;
	ip->daddr = address_of(text_of("to"), 0).sin_addr.s_addr;
	ip->check = fold(sum(ip, sizeof(*ip), 0));
	udp->source = htons(number_of("from_port"));
	udp->dest = htons(number_of("to_port"));
	udp->len = htons(l4);
	udp->check = fold(sum(udp, l4, sum(&ip->saddr, 8, IPPROTO_UDP + l4)));
}
