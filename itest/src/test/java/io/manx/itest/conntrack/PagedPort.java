package io.manx.itest.conntrack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/** Sends frames of which but the first bytes are in the linear part of their skb. Frames must be longer than a page. */
final class PagedPort implements AutoCloseable {
    private static final String SCRIPT = "target/test-classes/non-linear/send.py";

    private final Process process;
    private final Writer to;
    private final BufferedReader from;

    PagedPort(String device) {
        try {
            process = new ProcessBuilder("python3", Path.of(SCRIPT).toAbsolutePath().toString(), device)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            to = process.outputWriter(StandardCharsets.US_ASCII);
            from = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
            expect("ready");
        } catch (IOException e) {
            throw new IllegalStateException("starting " + SCRIPT + " on " + device + "; it takes python3", e);
        }
    }

    /** @return whether it is on its way; false: a program at the interface's egress has dropped it */
    boolean send(byte[] frame, int linear) {
        try {
            to.write(linear + " " + HexFormat.of().formatHex(frame) + "\n");
            to.flush();
            return expect("sent|dropped").equals("sent");
        } catch (IOException e) {
            throw new IllegalStateException("sending " + frame.length + " bytes by " + SCRIPT, e);
        }
    }

    private String expect(String answers) throws IOException {
        String line = from.readLine();
        if (line == null || !line.matches(answers)) {
            throw new IOException(SCRIPT + " said '" + line + "' and not '" + answers + "'; see its standard error");
        }
        return line;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
