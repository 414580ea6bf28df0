package io.manx.shell.format;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategy;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.AnnotatedField;
import com.fasterxml.jackson.databind.introspect.AnnotatedMethod;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.Iterator;
import java.util.Optional;

/** Records as JSON: a component is a key; long lists are written as they come. */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(new Keys())
            .addModule(new SimpleModule()
                    .addSerializer(InetAddress.class, new AddressText())
                    .addSerializer(Enum.class, new EnumText())
                    .addSerializer(new OptionalValue()))
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    private static final ObjectWriter ROWS = MAPPER.writer().without(SerializationFeature.FLUSH_AFTER_WRITE_VALUE);

    private Json() {}

    /** One value, on one line. @throws UncheckedIOException the value has no form in JSON */
    static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON", e);
        }
    }

    /** One value and a line's end. */
    public static void write(PrintStream out, Object value) {
        out.println(text(value));
    }

    /** For values one after the other, with nothing between them but what is written raw; keeps some before they go out. */
    static JsonGenerator generator(PrintStream out) {
        try {
            return MAPPER.createGenerator((OutputStream) out)
                    .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM)
                    .setRootValueSeparator(null);
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON", e);
        }
    }

    static void write(JsonGenerator json, Object value) throws IOException {
        ROWS.writeValue(json, value);
    }

    /** A list of the values, none of them kept. @throws UncheckedIOException the reader is gone */
    public static void writeAll(PrintStream out, Iterator<?> values) {
        try (JsonList list = new JsonList(out)) {
            values.forEachRemaining(list::add);
        }
    }

    /** Java has a keyword where users expect a key. */
    private static final class Keys extends PropertyNamingStrategy {
        private static final long serialVersionUID = 1;

        @Override
        public String nameForField(MapperConfig<?> config, AnnotatedField field, String name) {
            return Names.of(name);
        }

        @Override
        public String nameForGetterMethod(MapperConfig<?> config, AnnotatedMethod method, String name) {
            return Names.of(name);
        }

        @Override
        public String nameForConstructorParameter(MapperConfig<?> config, AnnotatedParameter parameter, String name) {
            return Names.of(name);
        }
    }

    private static final class AddressText extends JsonSerializer<InetAddress> {
        @Override
        public void serialize(InetAddress address, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(Words.of(address));
        }
    }

    @SuppressWarnings("rawtypes")
    private static final class EnumText extends JsonSerializer<Enum> {
        @Override
        public void serialize(Enum value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(Words.of(value));
        }
    }

    @SuppressWarnings("rawtypes")
    private static final class OptionalValue extends JsonSerializer<Optional> {
        @Override
        public Class<Optional> handledType() {
            return Optional.class;
        }

        @Override
        public void serialize(Optional value, JsonGenerator json, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(value.isPresent() ? value.get() : null, json);
        }
    }
}
