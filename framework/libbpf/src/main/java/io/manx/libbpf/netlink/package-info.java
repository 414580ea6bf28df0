/** The kernel's interfaces and routes, by rtnetlink. */
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manx.libbpf.netlink;
