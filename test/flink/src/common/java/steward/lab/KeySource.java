package steward.lab;

import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/** Emits so many keys once, four of five of them for the first subtask of two, and waits. */
final class KeySource extends Source<Long> {
    private static final long serialVersionUID = 1;
    private static final int KEY_GROUPS = 128;
    private static final int SUBTASKS = 2;
    private static final int FEWER = 4;
    private static final long PAUSE_MILLIS = 50;

    private final int keys;
    private volatile boolean running = true;

    KeySource(int keys) {
        this.keys = keys;
    }

    @Override
    public void run(SourceContext<Long> out) throws Exception {
        long emitted = 0;
        long skipped = 0;
        for (long key = 0; running && emitted < keys; key++) {
            boolean isFirst = KeyGroupRangeAssignment.assignKeyToParallelOperator(key, KEY_GROUPS, SUBTASKS) == 0;
            if (isFirst || skipped++ % FEWER == 0) {
                synchronized (out.getCheckpointLock()) {
                    out.collect(key);
                }
                emitted++;
            }
        }
        Tally.EMITTED.set(true);
        while (running) {
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    @Override
    public void cancel() {
        running = false;
    }
}
