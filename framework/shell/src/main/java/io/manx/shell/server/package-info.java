/** Carries out commands for clients of the socket and for Gogo. */
package io.manx.shell.server;
