package io.manx.resources.yaml;

import static io.manx.api.layout.Addresses.text;

import io.manx.api.resource.Endpoint;
import io.manx.api.resource.EndpointSlice;
import io.manx.api.resource.FelixConfiguration;
import io.manx.api.resource.GlobalNetworkPolicy;
import io.manx.api.resource.HostEndpoint;
import io.manx.api.resource.Pipeline;
import io.manx.api.resource.Resource;
import io.manx.api.resource.Resources;
import io.manx.api.resource.Service;
import io.manx.api.resource.Settings;
import io.manx.api.resource.WorkloadEndpoint;
import io.manx.resources.Problem;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts the files' contents together and finds what they must not have in common. */
public final class Snapshot {
    private final List<Resource> all = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    public Snapshot(List<FileContent> files) {
        for (FileContent file : files) {
            all.addAll(file.resources());
            problems.addAll(file.problems());
        }
        unique("", resource -> List.of(kind(resource) + " " + resource.name()), "defined");
        unique("interface ", Snapshot::interfaces, "the interface of an endpoint");
        unique("", Snapshot::frontends, "a frontend");
        unique("", Snapshot::claims, "given a pipeline");
        problems.sort(Comparator.comparing(Problem::file).thenComparing(Problem::line).thenComparing(Problem::column));
    }

    /** Of every file, in the order of files and lines; empty if {@link #resources} may be taken into force. */
    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    public Resources resources() {
        return new Resources(
                sorted(HostEndpoint.class),
                sorted(WorkloadEndpoint.class),
                sorted(GlobalNetworkPolicy.class),
                sorted(Service.class),
                sorted(EndpointSlice.class),
                sorted(Pipeline.class),
                only(FelixConfiguration.class, FelixConfiguration.NONE),
                only(Settings.class, Settings.NONE));
    }

    private interface Keys {
        List<String> of(Resource resource);
    }

    private void unique(String prefix, Keys keys, String what) {
        Map<String, Resource> owners = new HashMap<>();
        for (Resource resource : all) {
            for (String key : keys.of(resource)) {
                Resource first = owners.putIfAbsent(key, resource);
                if (first != null && first != resource) {
                    String owner = what.equals("defined") ? "" : " (" + kind(first) + " " + first.name() + ")";
                    problems.add(new Problem(
                            resource.source().file(),
                            resource.source().line(),
                            0,
                            prefix + key + " is already " + what + " at " + first.source() + owner));
                }
            }
        }
    }

    private static List<String> interfaces(Resource resource) {
        return resource instanceof Endpoint endpoint ? List.of(endpoint.interfaceName()) : List.of();
    }

    /** As {@code 10.96.0.10:80/TCP}. */
    private static List<String> frontends(Resource resource) {
        List<String> frontends = new ArrayList<>();
        if (resource instanceof Service service) {
            for (InetAddress address : service.addresses()) {
                for (Service.Port port : service.ports()) {
                    frontends.add(text(address, port.port()) + "/" + Literals.protocolName(port.protocol()));
                }
            }
        }
        return frontends;
    }

    private static List<String> claims(Resource resource) {
        if (!(resource instanceof Pipeline pipeline)) {
            return List.of();
        }
        return pipeline.interfaces().isEmpty()
                ? List.of("every other interface on " + pipeline.hook())
                : pipeline.interfaces().stream()
                        .map(name -> "interface " + name + " on " + pipeline.hook())
                        .toList();
    }

    private static String kind(Resource resource) {
        return resource.getClass().getSimpleName();
    }

    private <T extends Resource> List<T> sorted(Class<T> type) {
        return all.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .sorted(Comparator.comparing(Resource::name))
                .toList();
    }

    /** Of a kind that there is one of. */
    private <T extends Resource> T only(Class<T> type, T otherwise) {
        return sorted(type).stream().findFirst().orElse(otherwise);
    }
}
