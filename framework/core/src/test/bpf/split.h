/* split: the lane that the last byte of a packet's destination MAC says. After tc.h. */
#pragma once

#define LAST_BYTE 5

static __always_inline __u8 lane_that_it_says(struct __sk_buff *skb)
{
	__u8 *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;

	return data + LAST_BYTE < end ? data[LAST_BYTE] : LANE_FIRST;
}
