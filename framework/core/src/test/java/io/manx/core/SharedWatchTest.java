package io.manx.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.network.Interface;
import io.manx.api.network.KernelNetwork;
import io.manx.api.network.KernelRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SharedWatchTest {
    private final Kernel kernel = new Kernel();
    private final SharedWatch network = new SharedWatch(kernel);
    private final List<String> told = new ArrayList<>();

    @Test
    void tellsTheOthersWhenOneFails() {
        network.watch(() -> {
            throw new IllegalStateException("the first fails");
        });
        network.watch(() -> told.add("second"));

        kernel.change();

        assertThat(told).containsExactly("second");
    }

    @Test
    void tellsWhoMustBeFirstFirst() {
        network.watch(() -> told.add("routes"));
        network.watch(() -> told.add("forward"));
        network.watchFirst(() -> told.add("engine"));

        kernel.change();

        assertThat(told).containsExactly("engine", "routes", "forward");
        assertThat(kernel.watches).isEqualTo(1);
    }

    @Test
    void tellsNobodyWhoHasLeft() {
        SharedWatch.Follower leaves = network.watch(() -> told.add("leaves"));
        network.watch(() -> told.add("stays"));
        leaves.close();
        leaves.close();

        kernel.change();

        assertThat(told).containsExactly("stays");
    }

    @Test
    void watchesTheKernelAsLongAsAnyoneFollows() {
        SharedWatch.Follower first = network.watch(() -> told.add("first"));
        SharedWatch.Follower second = network.watch(() -> told.add("second"));
        first.close();
        assertThat(kernel.changed).isNotNull();
        second.close();
        assertThat(kernel.changed).isNull();

        network.watch(() -> told.add("third"));
        kernel.change();

        assertThat(told).containsExactly("third");
        assertThat(kernel.watches).isEqualTo(2);
    }

    @Test
    void leavingWaitsForTheCallUnderWay() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicReference<String> ended = new AtomicReference<>("no");
        AtomicReference<String> whenLeft = new AtomicReference<>();
        SharedWatch.Follower follower = network.watch(() -> {
            begun.countDown();
            await(goOn);
            ended.set("yes");
        });
        Thread telling = new Thread(kernel::change);
        telling.start();
        await(begun);
        Thread leaving = new Thread(() -> {
            follower.close();
            whenLeft.set(ended.get());
        });
        leaving.start();
        goOn.countDown();
        leaving.join();
        telling.join();

        assertThat(whenLeft).hasValue("yes");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Kernel implements KernelNetwork {
        private int watches;
        private volatile Runnable changed;

        void change() {
            changed.run();
        }

        @Override
        public List<Interface> interfaces() {
            return List.of();
        }

        @Override
        public Optional<Interface> interfaceNamed(String name) {
            return Optional.empty();
        }

        @Override
        public List<KernelRoute> routes() {
            return List.of();
        }

        @Override
        public AutoCloseable watch(Runnable listener) {
            watches++;
            changed = listener;
            return () -> changed = null;
        }
    }
}
