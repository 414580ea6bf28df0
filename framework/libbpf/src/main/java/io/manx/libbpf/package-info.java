/** BPF objects by libbpf: {@link io.manx.libbpf.ObjectSpec} to {@link io.manx.libbpf.BpfObject} to {@link io.manx.libbpf.Attachment}, and typed maps. */
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manx.libbpf;
