package steward.lab;

import java.util.Iterator;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;

/** Broadcasts 1, 2, 3 …; a question is the number of the last one, negative. */
final class RuleSource extends Source<Long> implements CheckpointedFunction {
    private static final long serialVersionUID = 1;
    private static final long PAUSE_MILLIS = 50;

    private final Settings settings;
    private long last;
    private transient ListState<Long> stored;
    private volatile boolean running = true;

    RuleSource(Settings settings) {
        this.settings = settings;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        stored = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("last", Types.LONG));
        Iterator<Long> restored = stored.get().iterator();
        if (restored.hasNext()) {
            last = restored.next();
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        stored.clear();
        stored.add(last);
    }

    @Override
    public void run(SourceContext<Long> out) throws Exception {
        if (settings.asks) {
            out.collect(-last);
            return;
        }
        while (running) {
            synchronized (out.getCheckpointLock()) {
                out.collect(++last);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    @Override
    public void cancel() {
        running = false;
    }
}
