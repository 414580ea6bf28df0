package io.manx.policy;

import io.manx.api.network.Interface;
import io.manx.api.report.Report;
import io.manx.api.resource.Resources;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StageControl;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the policy stage's tables as the resources and the interfaces ask; and shows the policies. */
@Component(
        service = {StageControl.class, Report.class},
        property = StageControl.STAGE + "=policy")
public final class PolicyControl implements StageControl, Report {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyControl.class);

    /** What has been asked for and is in the tables. */
    private record State(Resources resources, Map<String, Integer> interfaces, boolean idle) {
        static final State NONE = new State(Resources.NONE, Map.of(), false);
    }

    private StageContext context;
    private Tables tables;
    private AutoCloseable watch;
    private volatile State state = State.NONE;

    @Override
    public String stage() {
        return "policy";
    }

    @Override
    public synchronized void loaded(StageContext loaded) {
        context = loaded;
        tables = new Tables(loaded, System::nanoTime);
        state = State.NONE;
    }

    @Override
    public void resources(Resources resources) {
        apply(Optional.of(resources));
        watchInterfaces();
    }

    @Override
    public void unloaded() {
        AutoCloseable ended;
        synchronized (this) {
            ended = watch;
            watch = null;
            context = null;
            state = State.NONE;
        }
        if (ended == null) {
            return;
        }
        // Not under our lock: closing waits for a call under way, which may be waiting for the lock.
        try {
            ended.close();
        } catch (Exception e) {
            LOG.warn("policy: the watch of the interfaces could not be ended: {}", e.getMessage(), e);
        }
    }

    private synchronized void watchInterfaces() {
        if (watch == null && context != null) {
            watch = context.network().watch(this::interfacesChanged);
        }
    }

    private void interfacesChanged() {
        try {
            apply(Optional.empty());
        } catch (RuntimeException e) {
            LOG.error(
                    "policy: interfaces have changed and their rules could not be put in force: {}; those before stay",
                    e.getMessage(),
                    e);
        }
    }

    /** @param wanted none: those of before, on the interfaces of now */
    private void apply(Optional<Resources> wanted) {
        StageContext told;
        boolean changed;
        synchronized (this) {
            told = context;
            if (told == null) {
                return;
            }
            Resources resources = wanted.orElse(state.resources());
            Map<String, Integer> interfaces = interfaces(told);
            if (wanted.isEmpty() && interfaces.equals(state.interfaces())) {
                return;
            }
            var endpoints = new Compiler(ProgramStore.blockWords(told)).compile(resources, interfaces);
            changed = tables.apply(endpoints, interfaces.values());
            state = new State(resources, interfaces, endpoints.isEmpty());
        }
        // Not under our lock: the engine may call us from the thread that would answer.
        told.idle(state.idle());
        if (changed) {
            told.rejudge();
        }
    }

    private static Map<String, Integer> interfaces(StageContext context) {
        return context.network().interfaces().stream()
                .collect(Collectors.toMap(Interface::name, Interface::index, (first, second) -> second));
    }

    @Override
    public String name() {
        return "policies";
    }

    @Override
    public String description() {
        return "the policies in the order they are asked, and the interfaces they select";
    }

    @Override
    public Stream<PolicyRow> rows(Map<String, String> filters) {
        return PolicyRow.of(state.resources()).stream();
    }
}
