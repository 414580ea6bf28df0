/** C structs as Java sees them, read from BTF. */
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manx.api.layout;
