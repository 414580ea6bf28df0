package io.manx.itest.conntrack;

/** What a step of a scenario is: by it, differences are told apart. */
enum Event {
    /* What honest ends of a TCP connection send. */
    SYN,
    SYN_ACK,
    DATA,
    ACK,
    RETRANSMISSION,
    OUT_OF_ORDER,
    WINDOW_CHANGE,
    KEEPALIVE,
    FIN,
    RESET,
    SYN_REUSE,
    SIMULTANEOUS_OPEN,
    SYN_DENIED,
    MID_FLOW,

    /* What an attacker, or a broken end, sends. */
    SYN_OVER_LIVE,
    SYN_ACK_ASTRAY,
    DATA_FAR_AHEAD,
    DATA_NEAR_EDGE,
    DATA_OLD,
    ACK_UNSENT,
    ACK_OLD,
    RESET_FAR,
    RESET_NEAR,
    RESET_OLD,
    DATA_AFTER_FIN,
    DATA_AFTER_RESET,
    FLAG_NONSENSE,
    BAD_CHECKSUM,
    FROM_SERVER_UNASKED,

    /* UDP and ICMP. */
    UDP_REQUEST,
    UDP_REPLY,
    UDP_DENIED,
    UDP_UNASKED,
    ECHO_REQUEST,
    ECHO_REPLY,
    ECHO_REPLY_UNASKED,
    ECHO_REQUEST_UNASKED,
    ICMP_OTHER,

    /* SCTP and GRE. */
    SCTP,
    SCTP_WRONG_TAG,
    SCTP_OF_NONE,
    GRE,
    OTHER_PROTOCOL,

    /* ICMP errors, by what they quote. */
    ERROR_OF_FLOW,
    ERROR_OF_FLOW_OTHER_WAY,
    ERROR_OF_NOTHING,
    ERROR_QUOTE_SHORT,
    ERROR_QUOTE_BROKEN,
    ERROR_TO_ANOTHER,
    ERROR_OF_FRAGMENT,
    REDIRECT,

    /* All fragments of a datagram, or what there is of them. */
    FRAGMENTS,
    FRAGMENTS_SHUFFLED,
    FRAGMENTS_INCOMPLETE,
    FRAGMENTS_TWICE,
    FRAGMENTS_OVERLAPPING,
    FRAGMENTS_TINY,
    FRAGMENTS_BEYOND_64K,
    FRAGMENTS_DENIED,

    /* Any of these, of a flow that has been silent. */
    AFTER_SILENCE,

    /* Packets that no stack makes. */
    BAD_LENGTH,
    BAD_HEADER,
    BAD_ADDRESS,
    IP_OPTIONS,
    EXTENSION_HEADERS,
    PADDED
}
