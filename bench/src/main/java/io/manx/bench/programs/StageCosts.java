package io.manx.bench.programs;

import io.manx.bench.lab.Config;
import io.manx.bench.lab.Dataplane;
import io.manx.bench.lab.Flows;
import io.manx.bench.lab.Lab;
import io.manx.bench.result.Series;
import io.manx.bench.result.Series.Better;
import io.manx.bench.run.Bench;
import io.manx.core.view.PipelineView.StageRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What each stage adds: the pipeline cut off after each of its stages, where its exit takes the packet. A lane's figures
 * rise by what the stage costs; the exit's own call and count are in each of them alike.
 */
final class StageCosts {
    private final Bench bench;
    private final Dataplane manx;

    StageCosts(Bench bench, Dataplane manx) {
        this.bench = bench;
        this.manx = manx;
    }

    void run(String whole) throws Exception {
        var lanes = manx.pipeline(Lab.CLIENT_PORT, "tc-ingress").lanes();
        List<String> first = names(lanes.first());
        List<String> known = names(lanes.established());
        Conversation conversation = Conversation.plain("udp", 4);
        Map<String, List<Double>> byFirst = new LinkedHashMap<>();
        Map<String, List<Double>> byKnown = new LinkedHashMap<>();
        List<Double> empty = new ArrayList<>();
        manx.forgetFlows();
        try (Lane lane = new Lane(manx, conversation, Flows.ONE)) {
            int rounds = Math.max(2, bench.effort().rounds() / 2);
            for (int round = 0; bench.hasTimeFor("programs, stage by stage", round, rounds); round++) {
                empty.add(lane.empty(bench.effort().packets()));
                for (int last = 0; last < first.size(); last++) {
                    cut(whole, first, last, lane, known, byFirst, byKnown);
                }
            }
        } finally {
            manx.resources(whole);
        }
        if (empty.isEmpty()) {
            return;
        }
        add("v4 udp, unknown flow, cut off after", empty, byFirst);
        add("v4 udp, known flow, cut off after", empty, byKnown);
    }

    /** Without those that stand for others: behind them nothing would be left to measure. */
    private List<String> names(List<StageRow> lane) {
        return lane.stream()
                .map(StageRow::name)
                .filter(name -> !manx.stages().get(name).isStandIn())
                .toList();
    }

    /** The whole pipeline's last stage sends the packet on; cut off before, its exit lets it go to the kernel. */
    private void cut(String whole, List<String> first, int last, Lane lane, List<String> known,
            Map<String, List<Double>> byFirst, Map<String, List<Double>> byKnown) throws Exception {
        boolean complete = last == first.size() - 1;
        String stage = first.get(last);
        manx.forgetFlows();
        if (known.contains(stage)) {
            manx.resources(whole);
            lane.open();
            int epoch = manx.epoch();
            manx.resources(whole + Config.order(first.subList(0, last + 1)));
            manx.epoch(epoch);
            take(byKnown, stage, lane, complete);
            manx.forgetFlows();
        } else {
            manx.resources(whole + Config.order(first.subList(0, last + 1)));
        }
        if (!complete) {
            take(byFirst, stage, lane, false);
        }
    }

    private void take(Map<String, List<Double>> into, String stage, Lane lane, boolean complete) {
        int unspecified = -1;
        lane.follow();
        into.computeIfAbsent(stage, s -> new ArrayList<>())
                .add(lane.run(bench.effort().packets(), complete ? Lane.REDIRECT : unspecified));
    }

    private void add(String what, List<Double> empty, Map<String, List<Double>> stages) {
        List<Series> all = new ArrayList<>();
        all.add(new Series(ProgramsSuite.SUITE, what, ProgramsSuite.EMPTY, "ns", Better.LESS, "", empty));
        stages.forEach((stage, samples) ->
                all.add(new Series(ProgramsSuite.SUITE, what, stage, "ns", Better.LESS, ProgramsSuite.EMPTY, samples)));
        bench.add(all);
    }
}
