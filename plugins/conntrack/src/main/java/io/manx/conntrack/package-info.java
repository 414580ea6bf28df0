/** The Java side of the stage conntrack: timeouts, the sweep, and the report {@code flows}. */
package io.manx.conntrack;
