package io.manx.parse;

import io.manx.api.layout.Layout;
import io.manx.api.resource.Settings;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;

/**
 * What a network may see otherwise; all else that parse drops is malformed by its RFC.
 *
 * @param dropTcpFlagNonsense segments whose flags mean nothing together, such as SYN and FIN
 * @param dropLand packets from and to the same address
 */
record ParseSettings(boolean dropTcpFlagNonsense, boolean dropLand) {
    static ParseSettings of(Settings.Parse resource) {
        return new ParseSettings(resource.dropTcpFlagNonsense(), resource.dropLand());
    }

    /** In force from the next packet on: one write, as {@code struct parse_settings} in settings.h. */
    void writeTo(StageContext context) {
        StateMap map = context.map("parse_settings");
        Layout layout = map.value();
        ByteBuffer value = layout.allocate();
        layout.field("pass_tcp_flag_nonsense").set(value, dropTcpFlagNonsense ? 0 : 1);
        layout.field("pass_land").set(value, dropLand ? 0 : 1);
        map.put(map.key().allocate(), value);
    }
}
