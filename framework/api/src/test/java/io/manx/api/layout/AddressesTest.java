package io.manx.api.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @ParameterizedTest
    @ValueSource(strings = {"::", "::1", "2001:db8::", "fe80::1:0:0:1", "1:0:0:2::3", "1:0:2:3:4:5:6:7", "10.0.2.2"})
    void writesAddressesAsPeopleDo(String text) throws Exception {
        assertThat(Addresses.text(InetAddress.getByName(text))).isEqualTo(text);
    }

    @Test
    void setsAnIpv6AddressApartFromItsPort() throws Exception {
        assertThat(Addresses.text(InetAddress.getByName("fd00::2"), 80)).isEqualTo("[fd00::2]:80");
        assertThat(Addresses.text(InetAddress.getByName("10.0.2.2"), 80)).isEqualTo("10.0.2.2:80");
    }
}
