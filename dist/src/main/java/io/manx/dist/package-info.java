/** The launcher: starts Manx in a framework of its own, or talks to the one that runs. */
package io.manx.dist;
