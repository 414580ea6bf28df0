package io.manx.parse;

import java.util.Set;

/**
 * Says of a packet from the wire whether it is whole, by the RFCs and by what docs/parse.md adds to them. Shares no line with
 * the stage: offsets are worked out anew, from bytes.
 */
final class Referee {
    enum Judgement {
        WHOLE,
        /** Whole as far as one fragment can tell; what others of its datagram say about it is another matter. */
        FRAGMENT,
        MALFORMED,
        /** No IP, or neighbour discovery: the kernel's. */
        STACK
    }

    private static final int HEADERS_END_AT_MOST = 1023;
    private static final int EXTENSIONS_AT_MOST = 8;
    private static final int FRAGMENT_HEADER = 44;
    private static final Set<Integer> EXTENSIONS = Set.of(0, 43, FRAGMENT_HEADER, 60, 135, 139, 140);
    private static final Set<Integer> ICMP_ERRORS = Set.of(3, 4, 5, 11, 12);

    private final byte[] bytes;
    private int end;

    private Referee(byte[] packet) {
        bytes = packet;
        end = packet.length;
    }

    static Judgement judge(byte[] packet) {
        return new Referee(packet).frame();
    }

    private Judgement frame() {
        if (bytes.length < 14) {
            return Judgement.MALFORMED;
        }
        int at = 14;
        int type = u16(12);
        for (int tags = 0; tags < 2 && (type == 0x8100 || type == 0x88a8); tags++) {
            if (at + 4 > bytes.length) {
                return Judgement.MALFORMED;
            }
            type = u16(at + 2);
            at += 4;
        }
        return switch (type) {
            case 0x0800 -> ipv4(at);
            case 0x86dd -> ipv6(at);
            default -> Judgement.STACK;
        };
    }

    /** RFC 791. */
    private Judgement ipv4(int at) {
        if (at + 20 > bytes.length || u8(at) >> 4 != 4) {
            return Judgement.MALFORMED;
        }
        int header = (u8(at) & 15) * 4;
        int total = u16(at + 2);
        if (header < 20 || total < header || at + total > bytes.length) {
            return Judgement.MALFORMED;
        }
        end = at + total;
        if (!honest4(at) || !optionsHangTogether(at + 20, at + header)) {
            return Judgement.MALFORMED;
        }
        Piece piece = new Piece((u16(at + 6) & 0x1fff) * 8, (u16(at + 6) & 0x2000) != 0, header, at + header);
        boolean cut = piece.offset > 0 || piece.more;
        return layer4(4, u8(at + 9), at + header, cut ? piece : null, false);
    }

    private boolean honest4(int at) {
        int source = u8(at + 12);
        int destination = u8(at + 16);
        boolean broadcast = u16(at + 12) == 0xffff && u16(at + 14) == 0xffff;
        boolean toAll = u16(at + 16) == 0xffff && u16(at + 18) == 0xffff;
        boolean toLinkGroup = u16(at + 16) == 0xe000 && u8(at + 18) == 0;
        boolean igmp = u8(at + 9) == 2;
        boolean mayLackAddress = toAll || toLinkGroup || igmp;
        return source >> 4 != 14
                && !broadcast
                && source != 127
                && destination != 127
                && (source != 0 || mayLackAddress)
                && !same(at + 12, at + 16, 4);
    }

    private boolean optionsHangTogether(int from, int to) {
        int at = from;
        while (at < to && u8(at) != 0) {
            int length = u8(at) == 1 ? 1 : at + 1 < to ? Math.max(u8(at + 1), 0) : 0;
            if (length == 0 || length == 1 && u8(at) != 1 || at + length > to) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /** RFC 8200. */
    private Judgement ipv6(int at) {
        if (at + 40 > bytes.length || u8(at) >> 4 != 6) {
            return Judgement.MALFORMED;
        }
        end = at + 40 + u16(at + 4);
        if (end > bytes.length || !honest6(at)) {
            return Judgement.MALFORMED;
        }
        int next = u8(at + 6);
        int here = at + 40;
        Piece piece = null;
        for (int count = 0; EXTENSIONS.contains(next); count++) {
            if (count == EXTENSIONS_AT_MOST || here + 8 > end) {
                return Judgement.MALFORMED;
            }
            int length = next == FRAGMENT_HEADER ? 8 : 8 + 8 * u8(here + 1);
            boolean misplaced = next == 0 && count > 0 || next == FRAGMENT_HEADER && piece != null;
            if (misplaced || next == 43 && u8(here + 2) == 0) {
                return Judgement.MALFORMED;
            }
            if (here + length > end || here + length > HEADERS_END_AT_MOST) {
                return Judgement.MALFORMED;
            }
            if (next == FRAGMENT_HEADER) {
                piece = new Piece(u16(here + 2) & 0xfff8, (u8(here + 3) & 1) != 0, here - at - 40, here + 8);
            }
            next = u8(here);
            here += length;
            if (piece != null && piece.offset > 0) {
                break;
            }
        }
        return layer4(6, next, here, piece, u8(at + 7) == 255);
    }

    private boolean honest6(int at) {
        boolean zeros = zeros(at + 8, 15);
        boolean unspecified = zeros && u8(at + 23) == 0;
        boolean loopback = zeros && u8(at + 23) == 1 || zeros(at + 24, 15) && u8(at + 39) == 1;
        return u8(at + 8) != 255
                && !loopback
                && !mapped(at + 8)
                && !mapped(at + 24)
                && (!unspecified || u8(at + 24) == 255)
                && !same(at + 8, at + 24, 16);
    }

    private boolean mapped(int at) {
        return zeros(at, 10) && u16(at + 10) == 0xffff;
    }

    /**
     * Where a packet belongs in its datagram.
     *
     * @param before bytes in front of it that count towards the 65535. @param start of the datagram's bytes in the packet
     */
    private record Piece(int offset, boolean more, int before, int start) {}

    /** @param piece null: there is no fragment header */
    private Judgement layer4(int version, int protocol, int at, Piece piece, boolean onLink) {
        boolean cut = piece != null && (piece.offset > 0 || piece.more);
        if (cut) {
            int length = end - piece.start;
            boolean odd = length == 0 || piece.more && length % 8 != 0;
            boolean overwrites = protocol == 6 && piece.offset > 0 && piece.offset < 20;
            if (odd || overwrites || piece.before + piece.offset + length > 65535) {
                return Judgement.MALFORMED;
            }
            if (piece.offset > 0) {
                return Judgement.FRAGMENT;
            }
        }
        boolean discovery = version == 6 && protocol == 58 && at + 8 <= end && u8(at) >= 133 && u8(at) <= 137 && onLink;
        if (discovery) {
            return piece == null ? Judgement.STACK : Judgement.MALFORMED;
        }
        if (!header(version, protocol, at, end - at, cut)) {
            return Judgement.MALFORMED;
        }
        return cut ? Judgement.FRAGMENT : Judgement.WHOLE;
    }

    private boolean header(int version, int protocol, int at, int length, boolean cut) {
        return switch (protocol) {
            case 6 -> length >= 20 && tcp(at, length);
            case 17 -> length >= 8 && u16(at + 4) >= 8 && (cut || u16(at + 4) <= length);
            case 136 -> length >= 8 && (u16(at + 4) == 0 || u16(at + 4) >= 8 && (cut || u16(at + 4) <= length));
            case 132 -> length >= 12;
            case 47 -> length >= 4;
            case 50 -> length >= 8;
            case 51 -> length >= 12 && u8(at + 1) >= 1 && (u8(at + 1) + 2) * 4 <= length;
            case 1 -> version == 6 || length >= 8 && !(cut && ICMP_ERRORS.contains(u8(at)));
            case 58 -> version == 4 || length >= 8 && !(cut && u8(at) < 128);
            case 59 -> version == 4 || length == 0;
            default -> true;
        };
    }

    /** RFC 9293: every segment acknowledges, but for the first of a connection and one that refuses it. */
    private boolean tcp(int at, int length) {
        int header = (u8(at + 12) >> 4) * 4;
        int flags = u8(at + 13);
        boolean fin = (flags & 1) != 0;
        boolean syn = (flags & 2) != 0;
        boolean rst = (flags & 4) != 0;
        boolean ack = (flags & 16) != 0;
        boolean sense = syn ? !fin && !rst : rst ? !fin : ack;
        return header >= 20 && header <= length && sense;
    }

    private boolean zeros(int at, int length) {
        for (int i = at; i < at + length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private boolean same(int a, int b, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[a + i] != bytes[b + i]) {
                return false;
            }
        }
        return true;
    }

    private int u8(int at) {
        return bytes[at] & 0xff;
    }

    private int u16(int at) {
        return u8(at) << 8 | u8(at + 1);
    }
}
