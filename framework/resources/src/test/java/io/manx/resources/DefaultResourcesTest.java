package io.manx.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.resource.Resources;
import org.junit.jupiter.api.Test;

class DefaultResourcesTest {
    @Test
    void selectNothing() {
        assertThat(DefaultResources.load()).isEqualTo(Resources.NONE);
    }
}
