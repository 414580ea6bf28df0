/** What a client and the running Manx say to each other over the socket. */
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manx.shell.wire;
