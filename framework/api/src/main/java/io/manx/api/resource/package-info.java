/** The resources users write in YAML: projectcalico.org/v3 and Kubernetes. */
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manx.api.resource;
