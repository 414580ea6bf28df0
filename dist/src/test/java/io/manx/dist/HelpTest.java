package io.manx.dist;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class HelpTest {
    @Test
    void aStartExplainsItselfAsAmongAllCommands() {
        assertThat(usage(Help.run())).isEqualTo(usage(Help.model())).contains("Usage: manx run");
    }

    private static String usage(CommandLine line) {
        return line.getSubcommands().get("run").getUsageMessage();
    }
}
