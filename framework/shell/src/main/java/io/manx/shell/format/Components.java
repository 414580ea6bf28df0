package io.manx.shell.format;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;

/** Reads a record's components, also those of a record that its bundle keeps to itself. */
final class Components {
    private Components() {}

    static Object value(Record row, RecordComponent component) {
        Method accessor = component.getAccessor();
        try {
            accessor.setAccessible(true);
            return accessor.invoke(row);
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(row.getClass() + " hides " + component.getName(), e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("reading " + component.getName() + " of a row", e.getCause());
        }
    }
}
