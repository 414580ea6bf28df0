/** The kernel's interfaces and routes, as rtnetlink reports them. */
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manx.api.network;
