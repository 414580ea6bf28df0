/** Tests of stages: packets to put in, a harness that runs a stage on them, and namespaces with real programs. */
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manx.testkit;
