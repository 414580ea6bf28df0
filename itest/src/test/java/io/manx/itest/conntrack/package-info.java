/**
 * Manx's connection tracking beside the kernel's: the same packets go through a gateway of each, and what comes out is
 * compared packet by packet.
 */
package io.manx.itest.conntrack;
