/** C structs as a person reads and types them, by the layouts that BTF gives. */
package io.manx.shell.struct;
