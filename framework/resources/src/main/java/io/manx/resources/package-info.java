/** Where resources come from: a folder of YAML files that is watched, or the defaults in this bundle. */
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manx.resources;
