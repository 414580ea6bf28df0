// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* tcp: what a segment makes of its connection (RFC 9293), and whether the far end would accept it.
 *
 * A segment from one end is weighed against what both have said: it may not begin beyond what the other's
 * window lets its sender send, nor end more than a window before what was sent already; it may not
 * acknowledge what the other has not sent, nor what lies far back. What fails is dropped, and moves nothing
 * (RFC 5961). A reset ends the connection only if it is exactly where the far end expects the next octet;
 * one that is only within the window goes on to the far end, which asks the sender to prove it.
 *
 * All bounds only grow, each written by the packets of one leg, so that both legs may run at once.
 */
#ifndef CONNTRACK_TCP_H
#define CONNTRACK_TCP_H

#include <manx/flow.h>
#include <manx/likely.h>
#include <manx/note.h>

enum tcp_limit {
	ACKS_BACK_LEAST = 66000,	/* an old acknowledgement that was overtaken may be this far back, or a window */
};

static __always_inline bool tcp_after(__u32 x, __u32 y)
{
	return (__s32)(x - y) > 0;
}

/* A bound that only grows; the line is written when it does. */
static __always_inline void tcp_raise(__u32 *bound, __u32 to)
{
	if (tcp_after(to, *bound))
		*bound = to;
}

static __always_inline void tcp_say(struct flow *flow, enum leg leg, __u8 what)
{
	__u8 *said = &flow->said[leg_index(leg)];

	if ((*said & what) != what)
		*said |= what;
}

/* What it acknowledges; a reset need not say. */
static __always_inline __u32 tcp_ack_of(const struct note *note, const struct tcp_end *to)
{
	if (!(note->tcp_flags & TCP_BIT_ACK) || (note->tcp_flags & TCP_BIT_RST && !note->tcp.ack))
		return to->end;
	return note->tcp.ack;
}

/* What a segment is measured by, against what both ends have said. The differences are all made and then looked at once: a
 * branch for each would cost more than the sums. */
struct tcp_measure {
	__u32 sent;	/* how much more than before its sender has sent with it */
	__u32 unsent;	/* how much of what the other end has sent it does not acknowledge */
};

static __always_inline struct tcp_measure tcp_measure(const struct note *note, __u32 ack, const struct tcp_end *from,
						      const struct tcp_end *to)
{
	return (struct tcp_measure){ .sent = note->tcp.end - from->end, .unsent = to->end - ack };
}

static __always_inline bool tcp_is_within(const struct note *note, struct tcp_measure measure, const struct tcp_end *from,
					  const struct tcp_end *to)
{
	__u32 back = from->window > ACKS_BACK_LEAST ? from->window : ACKS_BACK_LEAST;
	__u32 beyond = from->most - note->tcp.seq;
	__u32 before = measure.sent + to->window + 1;

	return (__s32)(beyond | before | measure.unsent | (back - measure.unsent)) >= 0;
}

static __always_inline bool tcp_fits(const struct note *note, const struct tcp_end *from, const struct tcp_end *to)
{
	/* The other end has said nothing of its window, and has sent nothing. */
	return !to->window || tcp_is_within(note, tcp_measure(note, tcp_ack_of(note, to), from, to), from, to);
}

static __always_inline __u32 tcp_window_of(const struct note *note, const struct flow *flow, enum leg leg)
{
	return (__u32)note->tcp.window << (flow->scales >> leg_index(leg) * 4 & 0xf);
}

/* What an end that had said nothing yet begins with. */
static __always_inline void tcp_begin(const struct note *note, __u32 window, struct tcp_end *from, const struct tcp_end *to)
{
	from->end = note->tcp.end;
	from->most = note->tcp.end + to->window;
	from->window = window ? window : 1;
	if (note->tcp_flags & TCP_BIT_ACK)
		from->acked = note->tcp.ack;
}

static __always_inline void tcp_offer(struct tcp_end *from, __u32 window)
{
	if (window > from->window)
		from->window = window;
}

/* It sent more than we knew it might: so the window was wider. */
static __always_inline void tcp_widen(const struct note *note, struct tcp_end *from, struct tcp_end *to)
{
	__u32 more = note->tcp.end - from->most;

	if ((__s32)more > 0) {
		to->window += more;
		from->most = note->tcp.end;
	}
}

static __always_inline void tcp_follow_acked(const struct note *note, __u32 window, struct tcp_end *from,
					     struct tcp_end *to)
{
	/* Into a closed window one octet is sent, to ask whether it has opened. */
	tcp_raise(&to->most, note->tcp.ack + (window ? window : 1));
	tcp_raise(&from->acked, note->tcp.ack);
}

/* Takes a segment that fits into the account. */
static __always_inline void tcp_follow(const struct note *note, const struct flow *flow, enum leg leg,
				       struct tcp_end *from, struct tcp_end *to)
{
	__u32 window = tcp_window_of(note, flow, leg);

	if (!from->window)
		tcp_begin(note, window, from, to);
	tcp_raise(&from->end, note->tcp.end);
	tcp_offer(from, window);
	if (to->window)
		tcp_widen(note, from, to);
	if (note->tcp_flags & TCP_BIT_ACK)
		tcp_follow_acked(note, window, from, to);
}

/* Whether it answers the originator's SYN, and not an older one. */
static __always_inline bool tcp_answers_syn(const struct note *note, const struct tcp_end *from,
					    const struct tcp_end *to)
{
	return note->tcp_flags & TCP_BIT_ACK && tcp_after(note->tcp.ack, from->acked) &&
	       !tcp_after(note->tcp.ack, to->end);
}

/* The responder's SYN+ACK: each end's window counts from here on, and scales if both offer to. */
static __always_inline void tcp_accept(const struct note *note, struct flow *flow, struct tcp_end *from,
				       struct tcp_end *to)
{
	if (note->tcp.scale == NOTE_NO_SCALE)
		flow->flags &= ~FLOW_SCALED;
	flow->scales = flow->flags & FLOW_SCALED ? (flow->scales & 0xf) | note->tcp.scale << 4 : 0;
	from->end = note->tcp.end;
	from->most = note->tcp.end + to->window;
	from->window = note->tcp.window ? note->tcp.window : 1;
	from->acked = note->tcp.ack;
	to->most = note->tcp.ack + from->window;
	to->acked = note->tcp.seq;
	tcp_say(flow, LEG_RESPONDER, SAID_SOMETHING | SAID_SYN);
}

/* The responder's first words to a SYN. */
static __always_inline enum reason tcp_first_answer(const struct note *note, struct flow *flow, struct tcp_end *from,
						    struct tcp_end *to, bool check)
{
	bool answers = tcp_answers_syn(note, from, to);

	/* Of an older connection, that the responder still holds: the originator will reset that. */
	if (!(note->tcp_flags & (TCP_BIT_SYN | TCP_BIT_RST)))
		return REASON_NONE;
	if (!answers && check)
		return REASON_TCP_OUT_OF_WINDOW;
	if (note->tcp_flags & TCP_BIT_RST)
		tcp_say(flow, LEG_RESPONDER, SAID_SOMETHING | SAID_RESET);
	else
		tcp_accept(note, flow, from, to);
	return REASON_NONE;
}

static __always_inline void tcp_reset(const struct note *note, struct flow *flow, enum leg leg,
				      const struct tcp_end *from, const struct tcp_end *to)
{
	if (note->tcp.seq == from->end || note->tcp.seq == to->acked)
		tcp_say(flow, leg, SAID_RESET);
}

/* `acks`: it acknowledges more than its sender did before, the far SYN first of all. */
static __always_inline void tcp_move(const struct note *note, struct flow *flow, enum leg leg, bool acks)
{
	__u8 what = SAID_SOMETHING;

	if (note->tcp_flags & TCP_BIT_FIN)
		what |= SAID_FIN;
	if (leg == LEG_ORIGINATOR && flow->said[LEG_RESPONDER] && (acks || (flow->flags & FLOW_LIBERAL)))
		what |= SAID_GOES_ON;
	tcp_say(flow, leg, what);
}

/* Neither end's SYN is answered yet, and this is no answer. */
static __always_inline bool tcp_is_early(const struct flow *flow, enum leg leg)
{
	return leg == LEG_ORIGINATOR && !(flow->flags & FLOW_LIBERAL) && !flow->tcp[LEG_RESPONDER].window;
}

/* Any segment of a live connection but a SYN without ACK. `check`: segments that don't fit are dropped. */
static __always_inline enum reason tcp_track(const struct note *note, struct flow *flow, enum leg leg, bool check)
{
	__u32 index = leg_index(leg);
	struct tcp_end *from = &flow->tcp[index], *to = &flow->tcp[index ^ 1];
	bool acks;

	if (flow->flags & FLOW_LIBERAL)
		check = false;
	else if (leg == LEG_RESPONDER && !from->window)
		return tcp_first_answer(note, flow, from, to, check);
	if (check && !tcp_fits(note, from, to))
		return REASON_TCP_OUT_OF_WINDOW;
	if (note->tcp_flags & TCP_BIT_RST) {
		tcp_reset(note, flow, leg, from, to);
		return REASON_NONE;
	}
	if (note->tcp_flags & TCP_BIT_SYN || tcp_is_early(flow, leg)) {
		tcp_say(flow, leg, SAID_SOMETHING);
		return REASON_NONE;
	}
	acks = note->tcp_flags & TCP_BIT_ACK && tcp_after(note->tcp.ack, from->acked);
	tcp_follow(note, flow, leg, from, to);
	tcp_move(note, flow, leg, acks);
	return REASON_NONE;
}

/* As tcp_track, of a plain segment of a leg that has said all it has to (SAID_ALL): flow->said stays as it is. False: it does
 * not fit, and has moved nothing. */
static __always_inline bool tcp_plain(const struct note *note, struct flow *flow, __u32 leg, bool check)
{
	struct tcp_end *from = flow_of_leg(flow, leg)->tcp, *to = flow_of_leg(flow, leg ^ 1)->tcp;
	struct tcp_measure measure = tcp_measure(note, note->tcp.ack, from, to);
	__u32 window;

	if (check && UNLIKELY(!tcp_is_within(note, measure, from, to)))
		return false;
	if ((__s32)measure.sent > 0)
		from->end = note->tcp.end;
	tcp_widen(note, from, to);
	window = tcp_window_of(note, flow, leg);
	tcp_offer(from, window);
	tcp_follow_acked(note, window, from, to);
	return true;
}

/* A SYN without ACK, while no SYN was answered: the originator's once more, or one from the far end too. */
static __always_inline void tcp_open_again(const struct note *note, struct flow *flow, enum leg leg)
{
	if (leg == LEG_ORIGINATOR) {
		flow_open_tcp(note, flow);
	} else {
		flow->flags |= FLOW_LIBERAL;
		tcp_say(flow, leg, SAID_SOMETHING | SAID_SYN);
	}
}

#endif
