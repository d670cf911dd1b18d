package steward.lab;

import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.co.BroadcastProcessFunction;
import org.apache.flink.util.Collector;

/** Keeps the last rules in broadcast state, and lets the elements through. */
final class RuleKeeper extends BroadcastProcessFunction<Element, Long, Element> {
    private static final long serialVersionUID = 1;
    private static final long KEPT = 64;

    static final MapStateDescriptor<Long, Long> RULES = new MapStateDescriptor<>("rules", Types.LONG, Types.LONG);

    @Override
    public void processElement(Element element, ReadOnlyContext context, Collector<Element> out) {
        out.collect(element);
    }

    @Override
    public void processBroadcastElement(Long rule, Context context, Collector<Element> out) throws Exception {
        BroadcastState<Long, Long> rules = context.getBroadcastState(RULES);
        if (rule > 0) {
            rules.put(rule % KEPT, rule);
            return;
        }
        long last = -rule;
        for (long number = last; number > 0 && number > last - KEPT; number--) {
            Long found = rules.get(number % KEPT);
            if (found == null || found != number) {
                Tally.wrong("broadcast rule " + number + " is " + found);
            }
        }
        if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
            Tally.RULES.incrementAndGet();
        }
    }
}
