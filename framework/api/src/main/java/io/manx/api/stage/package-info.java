/** What a stage's Java control code is given: its maps, its programs, and when packets can reach them. */
@org.osgi.annotation.versioning.Version("1.2.0")
package io.manx.api.stage;
