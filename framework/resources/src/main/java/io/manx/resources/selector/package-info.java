/** Calico's selector language. */
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manx.resources.selector;
