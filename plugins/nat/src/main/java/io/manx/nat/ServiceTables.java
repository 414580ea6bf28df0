package io.manx.nat;

import io.manx.api.layout.Field;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The maps {@code frontends} and {@code backends} of service.h; and {@code unserved}, that follows them. */
final class ServiceTables {
    private final StateMap frontends;
    private final StateMap backends;
    private final Unserved unserved;
    private final long backendsMax;

    ServiceTables(StageContext context) {
        frontends = context.map("frontends");
        backends = context.map("backends");
        unserved = new Unserved(context.map("unserved"));
        backendsMax = context.constant("BACKENDS_MAX");
    }

    /** A frontend's value. @param set number of its set. @param backends how many the set has */
    record Entry(long set, long backends) {}

    /** Place of a backend. @param index from 0 */
    record Member(long set, long index) {}

    /** What the maps hold. */
    record State(Map<Frontend, Entry> frontends, Map<Member, Backend> backends) {}

    State read() {
        State state = new State(new HashMap<>(), new HashMap<>());
        frontends.forEach((key, value) -> state.frontends().put(frontendOf(key), entryOf(value)));
        backends.forEach((key, value) -> state.backends().put(memberOf(key), backendOf(value)));
        return state;
    }

    /**
     * Makes the maps hold these frontends and their backends, and nothing else. Each frontend changes in one write; no
     * packet meets a half of it.
     *
     * @throws IllegalArgumentException they are more than the maps hold; nothing has changed
     * @throws RuntimeException the kernel refused a write; what was written before is taken back
     */
    void hold(Map<Frontend, List<Backend>> wanted) {
        State state = read();
        TableChange change = TableChange.between(state, wanted);
        checkRoom(wanted.size(), change.backendsAfter());
        Set<Frontend> both = new HashSet<>(state.frontends().keySet());
        both.addAll(wanted.keySet());
        try {
            lookUp(both);
            apply(change);
            lookUp(wanted.keySet());
        } catch (RuntimeException e) {
            takeBack(change, state, both, e);
            throw e;
        }
    }

    private void lookUp(Set<Frontend> frontends) {
        unserved.allBut(frontends.stream().map(Frontend::address).toList());
    }

    boolean isEmpty() {
        boolean[] some = new boolean[1];
        frontends.forEach((key, value) -> some[0] = true);
        return !some[0];
    }

    private void checkRoom(int frontendsAfter, long backendsAfter) {
        if (frontendsAfter > frontends.capacity()) {
            throw new IllegalArgumentException("the services have " + frontendsAfter
                    + " frontends (addresses times ports), and the table holds " + frontends.capacity()
                    + "; the services in force stay; remove some, or some of their addresses");
        }
        if (backendsAfter > backendsMax) {
            throw new IllegalArgumentException("the services have " + backendsAfter
                    + " backends, and the table holds " + backendsMax
                    + "; the services in force stay; remove some");
        }
    }

    private void apply(TableChange change) {
        putBackends(change.arriving());
        change.gone().forEach(frontend -> frontends.delete(keyOf(frontend)));
        putFrontends(change.changed());
        change.leaving().forEach(member -> backends.delete(keyOf(member)));
    }

    private void takeBack(TableChange change, State before, Set<Frontend> both, RuntimeException cause) {
        try {
            lookUp(both);
            Map<Member, Backend> left = new LinkedHashMap<>();
            change.leaving().forEach(member -> left.put(member, before.backends().get(member)));
            putBackends(left);
            change.changed().keySet().stream()
                    .filter(frontend -> !before.frontends().containsKey(frontend))
                    .forEach(frontend -> frontends.delete(keyOf(frontend)));
            putFrontends(before.frontends());
            change.arriving().keySet().forEach(member -> backends.delete(keyOf(member)));
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private void putFrontends(Map<Frontend, Entry> entries) {
        Map<ByteBuffer, ByteBuffer> raw = new LinkedHashMap<>();
        entries.forEach((frontend, entry) -> raw.put(keyOf(frontend), valueOf(entry)));
        frontends.putAll(raw);
    }

    private void putBackends(Map<Member, Backend> entries) {
        Map<ByteBuffer, ByteBuffer> raw = new LinkedHashMap<>();
        entries.forEach((member, backend) -> raw.put(keyOf(member), valueOf(backend)));
        backends.putAll(raw);
    }

    private ByteBuffer keyOf(Frontend frontend) {
        ByteBuffer key = frontends.key().allocate();
        frontends.key().field("addr").setAddress(key, frontend.address());
        frontends.key().field("port").set(key, frontend.port());
        frontends.key().field("protocol").set(key, frontend.protocol());
        return key;
    }

    private Frontend frontendOf(ByteBuffer key) {
        Field port = frontends.key().field("port");
        Field protocol = frontends.key().field("protocol");
        return new Frontend(
                frontends.key().field("addr").address(key), (int) port.get(key), (int) protocol.get(key));
    }

    private ByteBuffer valueOf(Entry entry) {
        ByteBuffer value = frontends.value().allocate();
        frontends.value().field("set").set(value, entry.set());
        frontends.value().field("backends").set(value, entry.backends());
        return value;
    }

    private Entry entryOf(ByteBuffer value) {
        return new Entry(
                frontends.value().field("set").get(value),
                frontends.value().field("backends").get(value));
    }

    private ByteBuffer keyOf(Member member) {
        ByteBuffer key = backends.key().allocate();
        backends.key().field("set").set(key, member.set());
        backends.key().field("index").set(key, member.index());
        return key;
    }

    private Member memberOf(ByteBuffer key) {
        return new Member(
                backends.key().field("set").get(key),
                backends.key().field("index").get(key));
    }

    private ByteBuffer valueOf(Backend backend) {
        ByteBuffer value = backends.value().allocate();
        backends.value().field("addr").setAddress(value, backend.address());
        backends.value().field("port").set(value, backend.port());
        return value;
    }

    private Backend backendOf(ByteBuffer value) {
        return new Backend(
                backends.value().field("addr").address(value),
                (int) backends.value().field("port").get(value));
    }
}
