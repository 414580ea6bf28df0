package io.manx.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PrefixTest {
    private static final Prefix NET_8 = Prefix.of(Given.net("10.0.0.0/8"));
    private static final Prefix NET_16 = Prefix.of(Given.net("10.1.0.0/16"));
    private static final Prefix NET_V6 = Prefix.of(Given.net("2001:db8::/32"));

    @Test
    void coversOnlyWhatIsInside() {
        assertThat(NET_16.covers(NET_8)).isFalse();
        assertThat(NET_8.covers(NET_V6)).isFalse();
        assertThat(NET_8.covers(NET_16)).isTrue();
        assertThat(NET_8.covers(NET_8)).isTrue();
        assertThat(NET_V6.covers(Prefix.of(Given.address("2001:db8::1")))).isTrue();
    }

    @Test
    void holdsIpv4Mapped() {
        assertThat(NET_8.length()).isEqualTo(104);
        assertThat(NET_8.bytes()).startsWith(new byte[10]).endsWith((byte) 0xff, (byte) 0xff, 10, 0, 0, 0);
    }

    @Test
    void comesBeforeThoseInside() {
        assertThat(new TreeSet<>(List.of(NET_V6, NET_16, NET_8))).containsExactly(NET_8, NET_16, NET_V6);
    }

    @Test
    void cutsARangeIntoTheFewestPrefixes() {
        assertThat(Prefix.ofRange(1024, 65535)).hasSize(6);
        assertThat(Prefix.ofRange(0, 0xffffffffL)).containsExactly(Prefix.ofWord(0, 0));
        assertThat(Prefix.ofRange(443, 443)).containsExactly(Prefix.ofWord(443, 32));
        assertThat(Prefix.ofRange(1, 65534)).hasSize(30);
    }

    @Test
    void cutsARangeWithNothingMoreAndNothingLess() {
        List<Prefix> prefixes = Prefix.ofRange(7, 1000);
        for (int number = 0; number < 1100; number++) {
            Prefix exact = Prefix.ofWord(number, 32);
            assertThat(prefixes.stream().filter(prefix -> prefix.covers(exact)).count())
                    .as("prefixes that hold %d", number)
                    .isEqualTo(number >= 7 && number <= 1000 ? 1 : 0);
        }
    }
}
