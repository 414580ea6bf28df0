/** Stages from bundles: the extender, the deploy folder, the commands that change what is installed. */
package io.manx.osgi;
