package @PACKAGE@;

import io.manx.api.stage.StageContext;
import io.manx.api.stage.StageControl;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;

/** The Java side of stage @NAME@: fills its maps before any packet comes. */
public final class @CLASS@Control implements StageControl {
    /** @BLOCKED_MEANING@ */
    static final int FIRST_BLOCKED = @FIRST_BLOCKED@;

    @Override
    public String stage() {
        return "@NAME@";
    }

    /** What an earlier version has blocked stays blocked: the map is handed over. */
    @Override
    public void loaded(StageContext context) {
        StateMap blocked = context.map("blocked");
        ByteBuffer key = blocked.key().allocate().putShort(0, (short) FIRST_BLOCKED);
        blocked.put(key, ByteBuffer.wrap(new byte[] {1}));
    }
}
