package steward.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;

/** Writes its partitions, and keeps the position of each in operator state, which rescaling splits anew. */
final class PartitionSource extends Source<Element> implements CheckpointedFunction {
    private static final long serialVersionUID = 1;

    private static final long BREATH_NANOS = 100_000;

    private final Settings settings;
    private final List<Tuple2<Integer, Long>> positions = new ArrayList<>();
    private transient ListState<Tuple2<Integer, Long>> stored;
    private volatile boolean running = true;

    PartitionSource(Settings settings) {
        this.settings = settings;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        stored = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("positions", Types.TUPLE(Types.INT, Types.LONG)));
        if (context.isRestored()) {
            stored.get().forEach(positions::add);
        } else if (!settings.asks) {
            for (int partition = subtask(); partition < Workload.PARTITIONS; partition += settings.parallelism) {
                positions.add(Tuple2.of(partition, 0L));
            }
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        stored.update(positions);
    }

    @Override
    public void run(SourceContext<Element> out) throws Exception {
        if (settings.asks) {
            ask(out);
            return;
        }
        long begin = System.nanoTime();
        for (long round = 0; running; round++) {
            synchronized (out.getCheckpointLock()) {
                for (Tuple2<Integer, Long> position : positions) {
                    out.collect(Workload.write(position.f0, position.f1));
                    position.f1++;
                }
            }
            long ahead = round * 1_000 / settings.rate - (System.nanoTime() - begin) / 1_000_000;
            // Under back-pressure too, a checkpoint must get hold of the lock.
            LockSupport.parkNanos(ahead > 0 ? ahead * 1_000_000 : BREATH_NANOS);
        }
    }

    private void ask(SourceContext<Element> out) {
        for (Tuple2<Integer, Long> position : positions) {
            Tally.PARTITIONS.incrementAndGet();
            Tally.WRITTEN.addAndGet(position.f1);
            Workload.questions(position.f0, position.f1, question -> {
                Tally.ASKED.incrementAndGet();
                synchronized (out.getCheckpointLock()) {
                    out.collect(question);
                }
            });
        }
    }

    @Override
    public void cancel() {
        running = false;
    }
}
