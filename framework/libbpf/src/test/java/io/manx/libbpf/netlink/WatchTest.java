package io.manx.libbpf.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchTest {
    private static final int SECONDS = 60;

    private final RtNetlink network = new RtNetlink();
    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    private OwnNamespace namespace;

    @BeforeEach
    void makeAnInterface() throws Exception {
        namespace = new OwnNamespace();
        namespace.ip("link add mxtk0 type veth peer name mxtk1");
        namespace.ip("link set mxtk1 up");
        namespace.ip("link set mxtk0 up");
        namespace.ip("addr add 192.0.2.1/24 dev mxtk0");
    }

    @AfterEach
    void leave() {
        network.close();
        namespace.close();
    }

    @Test
    void isSilentOnceClosed() throws Exception {
        watch(() -> calls.add("changed")).close();
        AutoCloseable other = watch(() -> calls.add("other"));

        namespace.ip("link set mxtk0 mtu 1300");

        assertThat(calls.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("other");
        assertThat(calls).doesNotContain("changed");
        other.close();
    }

    @Test
    void closingWaitsForTheCallUnderWay() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicReference<String> ended = new AtomicReference<>("no");
        AutoCloseable watch = watch(() -> {
            begun.countDown();
            await(goOn);
            ended.set("yes");
        });
        namespace.ip("link set mxtk0 mtu 1300");
        await(begun);
        Thread closer = new Thread(() -> {
            try {
                watch.close();
                calls.add(ended.get());
            } catch (Exception e) {
                calls.add(e.toString());
            }
        });

        closer.start();
        goOn.countDown();

        assertThat(calls.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("yes");
    }

    @Test
    void goesOnAfterACallThatFails() throws Exception {
        AtomicInteger count = new AtomicInteger();
        AutoCloseable watch = watch(() -> {
            calls.add("call " + count.incrementAndGet());
            if (count.get() == 1) {
                Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> calls.add(e.getMessage()));
                throw new IllegalStateException("the first fails");
            }
        });

        namespace.ip("link set mxtk0 mtu 1300");
        assertThat(calls.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("call 1");
        assertThat(calls.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("the first fails");
        namespace.ip("link set mxtk0 mtu 1400");
        assertThat(calls.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("call 2");
        watch.close();
    }

    @Test
    void tellsOfLinksAddressesAndRoutesOfBothFamilies() throws Exception {
        AutoCloseable watch = watch(() -> calls.add("changed"));
        for (String change : new String[] {
            "link add mxtk2 type bridge",
            "addr add 192.0.2.2/24 dev mxtk0",
            "route add 198.51.100.0/24 via 192.0.2.9",
            "-6 addr add 2001:db8::1/64 dev mxtk0 nodad",
            "-6 route add 2001:db8:1::/64 via 2001:db8::9",
            "link del mxtk2"
        }) {
            calls.clear();
            namespace.ip(change);
            assertThat(calls.poll(SECONDS, TimeUnit.SECONDS)).as(change).isEqualTo("changed");
        }
        watch.close();
    }

    @Test
    void gathersChangesThatComeCloseTogether() throws Exception {
        AutoCloseable watch = watch(() -> calls.add("changed"));

        namespace.ip(routes("add", 2_000), "-batch", "-");

        assertThat(calls.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("changed");
        watch.close();
        assertThat(calls.size()).isLessThan(200);
    }

    @Test
    void tellsOnceMoreWhenAnnouncementsWereLost() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AutoCloseable watch = watch(() -> {
            begun.countDown();
            await(goOn);
            calls.add("changed");
        });
        namespace.ip("link set mxtk0 mtu 1300");
        await(begun);

        namespace.ip(routes("add", 60_000), "-batch", "-");
        goOn.countDown();

        assertThat(calls.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("changed");
        assertThat(calls.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("changed");
        calls.clear();
        namespace.ip("link set mxtk0 mtu 1400");
        assertThat(calls.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("changed");
        watch.close();
    }

    private AutoCloseable watch(Runnable changed) throws Exception {
        return namespace.in(() -> network.watch(changed));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String routes(String command, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "route " + command + " 10." + (i >> 16) + "." + (i >> 8 & 0xff) + "." + (i & 0xff)
                        + "/32 via 192.0.2.254 dev mxtk0")
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
