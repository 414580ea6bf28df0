package io.manx.shell.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.manx.shell.Given;
import io.manx.shell.wire.Frame;
import io.manx.shell.wire.Frame.Kind;
import io.manx.shell.wire.FrameChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketServerTest {
    @TempDir
    private Path folder;

    private final ThreadIOImpl threads = new ThreadIOImpl();
    private Path socket;
    private SocketServer server;
    private FrameChannel client;

    @BeforeEach
    void listen() throws IOException {
        threads.start();
        socket = folder.resolve("manx.sock");
        CommandProcessorImpl processor = new CommandProcessorImpl(threads);
        processor.addCommand("test", new Echo(), "echo");
        server = new SocketServer(socket, new Given(), processor);
        client = new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
        client.write(Frame.of(Kind.DIRECTORY, "/srv"));
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
        threads.stop();
    }

    /** A function of Gogo. */
    public static final class Echo {
        public String echo(String word) {
            return word;
        }
    }

    /** Kind and text of every frame up to the status. */
    private List<String> answer() throws IOException {
        List<String> answer = new ArrayList<>();
        while (answer.isEmpty() || !answer.get(answer.size() - 1).startsWith("STATUS")) {
            Frame frame = client.read().orElseThrow();
            answer.add(frame.kind() + " " + frame.text());
        }
        return answer;
    }

    @Test
    void onlyItsOwnerMayOpenIt() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))).isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(socket);
        }
    }

    @Test
    void refusesWhatIsNoFrame() throws IOException {
        client.write(Frame.of(Kind.STATUS, "0"));
        assertThat(client.read()).isEmpty();
    }

    @Test
    void answersOnStandardErrorWithAStatus() throws IOException {
        client.write(Frame.of(Kind.ARGUMENT, "install"));
        client.write(Frame.of(Kind.ARGUMENT, "bad.jar"));
        client.write(Frame.of(Kind.RUN, ""));
        assertThat(answer()).containsExactly("ERROR manx: installing /srv/bad.jar: no bundle\n", "STATUS 1");
    }

    @Test
    void carriesOutOneCommandAfterTheOther() throws IOException {
        for (int i = 0; i < 2; i++) {
            client.write(Frame.of(Kind.ARGUMENT, "programs"));
            client.write(Frame.of(Kind.RUN, ""));
            assertThat(answer()).containsExactly("OUT none\n", "STATUS 0");
        }
    }

    @Test
    void carriesOutLinesByGogo() throws IOException {
        client.write(Frame.of(Kind.LINE, "no-such-thing"));
        assertThat(answer()).containsExactly("ERROR manx: Command not found: no-such-thing\n", "STATUS 1");
        client.write(Frame.of(Kind.LINE, "test:echo meow"));
        assertThat(answer()).containsExactly("OUT meow\n", "STATUS 0");
    }

    @Test
    void completesCommandsOptionsAndNames() throws IOException {
        assertThat(complete("pipe")).containsExactly("pipelines");
        assertThat(complete("")).contains("map", "maps", "echo");
        assertThat(complete("map ")).contains("dump", "get", "set", "delete");
        assertThat(complete("map dump f")).containsExactly("flows");
        assertThat(complete("remove ")).contains("nat");
        assertThat(complete("pipelines --j")).containsExactly("--json");
        assertThat(complete("help map d")).containsExactly("delete", "dump");
        assertThat(complete("echo me")).isEmpty();
    }

    private List<String> complete(String line) throws IOException {
        client.write(Frame.of(Kind.COMPLETE, line));
        return answer().stream()
                .filter(frame -> frame.startsWith("CANDIDATE "))
                .map(frame -> frame.substring("CANDIDATE ".length()).split("\t")[0])
                .toList();
    }

    @Test
    void takesItsSocketAway() throws IOException {
        server.close();
        assertThat(socket).doesNotExist();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    }
}
