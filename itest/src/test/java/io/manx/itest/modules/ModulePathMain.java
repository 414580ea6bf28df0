package io.manx.itest.modules;

import io.manx.api.stage.StageControl;
import io.manx.core.AttachMode;
import io.manx.core.Engine;
import io.manx.core.StageDescriptor;
import io.manx.core.view.PipelineView.StageRow;
import io.manx.libbpf.netlink.RtNetlink;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Manx without OSGi: the engine and the stages as modules. Composes the stages of the jars it is given, replaces one of
 * them, and prints what is in the pipeline after each step. Arguments: state folder, interface, name of the stage to
 * replace, jars of stages.
 */
final class ModulePathMain {
    private ModulePathMain() {}

    public static void main(String[] arguments) throws Exception {
        Path state = Path.of(arguments[0]);
        String interfaceName = arguments[1];
        System.out.println("engine in module " + Engine.class.getModule().getName());
        List<StageDescriptor> stages = StageJars.of(
                List.of(arguments).subList(3, arguments.length).stream().map(Path::of).toList(),
                ModulePathMain::control);
        try (RtNetlink network = new RtNetlink();
                Engine engine = new Engine(new Engine.Options(state, AttachMode.AUTO, Set.of(interfaceName)), network)) {
            stages.forEach(engine::offer);
            engine.start();
            print("composed", engine);
            StageDescriptor old =
                    stages.stream().filter(stage -> stage.name().equals(arguments[2])).findFirst().orElseThrow();
            engine.withdraw(old);
            engine.offer(StageJars.next(old, ModulePathMain::control));
            Engine.Settled change = engine.settle("replace").orElseThrow();
            print("replaced", engine);
            System.out.println("lost " + change.lost());
        }
    }

    /** A fresh one each time, as a bundle that is updated has. */
    static Optional<StageControl> control(String stage) {
        return ServiceLoader.load(StageControl.class).stream()
                .filter(provider -> provider.type().getModule().isNamed())
                .map(ServiceLoader.Provider::get)
                .filter(control -> control.stage().equals(stage))
                .findFirst();
    }

    private static void print(String step, Engine engine) {
        engine.view().pipelines().forEach(pipeline -> System.out.println(step + " " + pipeline.hook() + " "
                + pipeline.attach() + " generation " + pipeline.generation() + ": " + names(pipeline.lanes().first())));
        engine.view().stages().forEach(stage -> System.out.println(
                step + " stage " + stage.name() + " " + stage.version() + " " + stage.state() + " " + stage.why()));
    }

    private static String names(List<StageRow> rows) {
        return rows.stream().map(StageRow::name).collect(Collectors.joining(" > "));
    }
}
