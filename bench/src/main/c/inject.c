/* inject: hands frames to the kernel as if an interface had received them (PROG_TEST_RUN of an xdp program that passes
 * them, BPF_F_TEST_XDP_LIVE_FRAMES): no sender, no socket, no wire before the forwarding that is measured.
 * Arguments: ifindex, packets, cpu, and packet.h's. Says cpu_ns of all that, softirq threads included.
 */
#include <linux/bpf.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "packet.h"
#include "traffic.h"

enum {
	HEAD = 44,			/* bytes: Ethernet, IPv4, UDP */
	BATCH = 64,
	PASS = 2,			/* XDP_PASS */
	LIVE_FRAMES = 1 << 1,		/* BPF_F_TEST_XDP_LIVE_FRAMES, in headers of 5.18 and later */
};

static long bpf(int command, union bpf_attr *attr)
{
	return syscall(__NR_bpf, command, attr, sizeof(*attr));
}

/* The kernel uses a frame's memory again as whoever had it last has left it, so the program writes the headers anew. */
static int load_pass(const struct packet *packet)
{
	struct bpf_insn code[8 + HEAD / 4] = {
		{ .code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = 2, .src_reg = 1, .off = offsetof(struct xdp_md, data) },
		{ .code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = 3, .src_reg = 1, .off = offsetof(struct xdp_md, data_end) },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 4, .src_reg = 2 },
		{ .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = 4, .imm = HEAD },
		{ .code = BPF_JMP | BPF_JGT | BPF_X, .dst_reg = 4, .src_reg = 3, .off = HEAD / 4 },
	};
	unsigned at = 5;
	union bpf_attr attr;
	int fd;

	for (unsigned i = 0; i < HEAD / 4; i++) {
		int word;

		memcpy(&word, packet->bytes + 4 * i, sizeof(word));
		code[at++] = (struct bpf_insn){ .code = BPF_ST | BPF_MEM | BPF_W, .dst_reg = 2, .off = 4 * i, .imm = word };
	}
	code[at++] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = PASS };
	code[at++] = (struct bpf_insn){ .code = BPF_JMP | BPF_EXIT };
	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_XDP;
	attr.insns = (uintptr_t)code;
	attr.insn_cnt = at;
	attr.license = (uintptr_t)"GPL";
	fd = bpf(BPF_PROG_LOAD, &attr);
	check(fd, "loading an xdp program");
	return fd;
}

static void run(int program, const struct packet *packet, long ifindex, long packets)
{
	struct xdp_md context = { .data_end = packet->length, .ingress_ifindex = ifindex };
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.test.prog_fd = program;
	attr.test.data_in = (uintptr_t)packet->bytes;
	attr.test.data_size_in = packet->length;
	attr.test.ctx_in = (uintptr_t)&context;
	attr.test.ctx_size_in = sizeof(context);
	attr.test.repeat = packets;
	attr.test.flags = LIVE_FRAMES;
	attr.test.batch_size = BATCH;
	check(bpf(BPF_PROG_TEST_RUN, &attr), "injecting frames (BPF_F_TEST_XDP_LIVE_FRAMES)");
}

int command_inject(void)
{
	long packets = number_of("packets"), ifindex = number_of("ifindex");
	struct packet packet;
	uint64_t cpu, wall, softirq;
	int program;

	run_on_cpu(number_or("cpu", -1));
	packet_make(&packet);
	program = load_pass(&packet);
	run(program, &packet, ifindex, packets / 20 + 1);
	softirq = softirq_threads_ns();
	wall = wall_ns();
	cpu = thread_cpu_ns();
	run(program, &packet, ifindex, packets);
	cpu = thread_cpu_ns() - cpu;
	wall = wall_ns() - wall;
	softirq = softirq_threads_ns() - softirq;
	printf("packets=%ld warm=%ld cpu_ns=%llu softirq_ns=%llu wall_ns=%llu\n", packets, packets / 20 + 1,
	       (unsigned long long)cpu, (unsigned long long)softirq, (unsigned long long)wall);
	return 0;
}
