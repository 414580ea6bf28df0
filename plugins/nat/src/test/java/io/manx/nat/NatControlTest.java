package io.manx.nat;

import static io.manx.nat.Given.BACKEND_ONE;
import static io.manx.nat.Given.CLIENT;
import static io.manx.nat.Given.FRONTEND;
import static io.manx.nat.Given.PORT;
import static io.manx.nat.Given.TARGET;
import static io.manx.nat.Given.resources;
import static io.manx.nat.Given.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.resource.Resources;
import io.manx.testkit.StageHarness;
import io.manx.testkit.TestContext;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NatControlTest {
    private StageHarness stage;
    private TestContext context;

    @BeforeEach
    void load() {
        stage = Objects.nat().load();
        context = new TestContext(stage);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private NatControl loaded() {
        NatControl control = new NatControl();
        control.loaded(context);
        control.resources(Resources.NONE);
        return control;
    }

    @Test
    void isIdleUntilThereIsAService() {
        NatControl control = loaded();
        assertThat(context.isIdle()).isTrue();
        control.resources(resources(List.of(service("web", FRONTEND))));
        assertThat(context.isIdle()).isFalse();
    }

    @Test
    void staysWhenTheLastServiceGoes() {
        NatControl control = loaded();
        control.resources(resources(List.of(service("web", FRONTEND))));
        control.resources(Resources.NONE);
        assertThat(context.isIdle()).isFalse();
    }

    @Test
    void isBusyWhereAnOlderOneLeftTranslatedFlows() {
        FlowEntries flows = new FlowEntries(stage);
        flows.plain(Sample.tcp(CLIENT, 40001, BACKEND_ONE, PORT));
        loaded();
        assertThat(context.isIdle()).isTrue();
        flows.translated(Sample.tcp(CLIENT, 40000, FRONTEND, PORT), new Backend(BACKEND_ONE, TARGET));
        loaded();
        assertThat(context.isIdle()).isFalse();
    }

    @Test
    void isIdleForAHeadlessService() {
        NatControl control = loaded();
        control.resources(resources(List.of(service("headless"))));
        assertThat(context.isIdle()).isTrue();
    }
}
