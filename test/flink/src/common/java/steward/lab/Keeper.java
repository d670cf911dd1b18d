package steward.lab;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Writes and verifies the keyed state. Keys that are never written again have a state, and so a column family of
 * RocksDB, of their own: no compaction of the busy one ever rewrites their files.
 */
final class Keeper extends KeyedProcessFunction<Long, Element, Long> implements CheckpointedFunction {
    private static final long serialVersionUID = 1;

    static final TypeInformation<byte[]> BYTES = PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;

    private final Settings settings;
    private transient ValueState<byte[]> cold;
    private transient MapState<Integer, byte[]> hot;

    Keeper(Settings settings) {
        this.settings = settings;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) {
        cold = context.getKeyedStateStore().getState(new ValueStateDescriptor<>("cold", BYTES));
        hot = context.getKeyedStateStore().getMapState(new MapStateDescriptor<>("hot", Types.INT, BYTES));
    }

    /** Late enough, a checkpoint runs into its timeout while other subtasks have uploaded their files. */
    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        boolean stalls = settings.stallEvery > 0 && context.getCheckpointId() % settings.stallEvery == 0;
        if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
            Thread.sleep(stalls ? settings.stallMillis : 0);
            Tally.stallWhenTold();
        }
    }

    @Override
    public void processElement(Element element, Context context, Collector<Long> out) throws Exception {
        if (element.asks) {
            byte[] found = element.slot == Element.COLD ? cold.value() : hot.get(element.slot);
            judge(element, found);
            return;
        }
        Tally.failWhenTold();
        if (settings.slowMicros > 0) {
            LockSupport.parkNanos(settings.slowMicros * 1_000L);
        }
        byte[] value = Workload.value(element.key, element.number);
        if (element.slot == Element.COLD) {
            cold.update(value);
        } else {
            hot.put(element.slot, value);
        }
        if (settings.writeAhead) {
            out.collect(element.number);
        }
    }

    static void judge(Element question, byte[] found) {
        byte[] expected =
                question.number == Workload.NEVER ? null : Workload.value(question.key, question.number);
        if (Arrays.equals(expected, found)) {
            Tally.RIGHT.incrementAndGet();
        } else {
            Tally.wrong("key " + question.key + " slot " + question.slot + " should hold write " + question.number
                    + " and holds " + (found == null ? "nothing" : "another"));
        }
    }
}
