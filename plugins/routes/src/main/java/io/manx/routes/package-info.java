/** Copies the kernel's routes into the data plane's route table, and says which Ethernet addresses workloads have. */
package io.manx.routes;
