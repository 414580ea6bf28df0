/** Composes pipelines: order, slots, lanes, generations, attach points. Knows no OSGi and no YAML. */
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manx.core;
