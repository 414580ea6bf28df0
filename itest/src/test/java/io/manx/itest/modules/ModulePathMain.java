package io.manx.itest.modules;

import io.manx.api.resource.Resources;
import io.manx.api.stage.StageControl;
import io.manx.core.AttachMode;
import io.manx.core.Engine;
import io.manx.core.StageDescriptor;
import io.manx.core.StageJars;
import io.manx.core.view.PipelineView.StageRow;
import io.manx.libbpf.netlink.RtNetlink;
import io.manx.resources.FolderSource;
import io.manx.resources.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Manx without OSGi: the engine and the stages as modules. Composes the stages of the jars it is given, prints what is in
 * the pipeline, and once its input ends replaces each of them in turn, round by round. Arguments: state folder, interface,
 * folder of resources, rounds, jars of stages.
 */
final class ModulePathMain {
    private ModulePathMain() {}

    public static void main(String[] arguments) throws Exception {
        Path state = Path.of(arguments[0]);
        String interfaceName = arguments[1];
        int rounds = Integer.parseInt(arguments[3]);
        System.out.println("engine in module " + Engine.class.getModule().getName());
        List<StageDescriptor> stages = StageJars.of(
                List.of(arguments).subList(4, arguments.length).stream().map(Path::of).toList(),
                ModulePathMain::control);
        try (RtNetlink network = new RtNetlink();
                Engine engine = new Engine(new Engine.Options(state, AttachMode.AUTO, Set.of(interfaceName)), network)) {
            engine.resources(resources(Path.of(arguments[2])));
            stages.forEach(engine::offer);
            engine.start();
            print("composed", engine);
            System.in.readAllBytes();
            for (StageDescriptor stage : stages) {
                replace(engine, stage, rounds);
            }
            print("replaced", engine);
        }
    }

    private static void replace(Engine engine, StageDescriptor stage, int rounds) {
        StageDescriptor old = stage;
        long lost = 0;
        for (int round = 1; round <= rounds; round++) {
            StageDescriptor next = StageJars.next(old, "99.0." + round, ModulePathMain::control);
            engine.withdraw(old);
            engine.offer(next);
            lost += engine.settle("replace").orElseThrow().lost();
            old = next;
        }
        System.out.println("replaced " + stage.name() + " " + rounds + " times, lost " + lost);
    }

    private static Resources resources(Path folder) {
        try (FolderSource source = new FolderSource(folder, new FolderSource.Listener() {
            @Override
            public void changed(Resources resources) {
                throw new IllegalStateException(folder + " is not watched");
            }

            @Override
            public void refused(List<Problem> problems) {
                throw new IllegalStateException(folder + " is not watched");
            }
        })) {
            return source.load();
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
                step + " stage " + stage.name() + " " + stage.version() + " " + stage.state() + ", control in module "
                        + control(stage.name()).map(control -> control.getClass().getModule().getName()).orElse("none")));
    }

    private static String names(List<StageRow> rows) {
        return rows.stream().map(StageRow::name).collect(Collectors.joining(" > "));
    }
}
