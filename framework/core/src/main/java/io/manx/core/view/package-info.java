/** What is running, as the commands show it, and what can be asked of it. Record components are the JSON's keys. */
@org.osgi.annotation.versioning.Version("1.2.0")
package io.manx.core.view;
