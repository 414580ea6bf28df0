/** Tables a bundle shows: each is a command, in text and in JSON. */
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manx.api.report;
