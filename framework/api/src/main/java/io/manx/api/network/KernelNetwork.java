package io.manx.api.network;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Interfaces and routes of one network namespace, by rtnetlink. */
@ProviderType
public interface KernelNetwork {
    List<Interface> interfaces();

    Optional<Interface> interfaceNamed(String name);

    /** Every live route of the tables main, local and default, IPv4 and IPv6, of whatever type. */
    List<KernelRoute> routes();

    /**
     * Calls {@code changed} soon after anything of these changed, from one thread, several changes in one call where they
     * come close together.
     *
     * @return closing it ends the watch; when it returns, no call is under way
     */
    AutoCloseable watch(Runnable changed);
}
