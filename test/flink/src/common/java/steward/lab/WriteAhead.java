package steward.lab;

import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.runtime.operators.CheckpointCommitter;
import org.apache.flink.streaming.runtime.operators.GenericWriteAheadSink;

/**
 * A sink that keeps what it has not sent yet in files under {@code taskowned/}, and names them only in state that
 * nobody else can read.
 */
final class WriteAhead extends GenericWriteAheadSink<Long> {
    private static final long serialVersionUID = 1;

    private WriteAhead() throws Exception {
        super(new Committer(), LongSerializer.INSTANCE, "lab");
    }

    static void attach(SingleOutputStreamOperator<Long> stream) {
        try {
            stream.transform("write-ahead", Types.LONG, new WriteAhead()).uid("write-ahead");
        } catch (Exception e) {
            throw new IllegalStateException("The write-ahead sink can't be made.", e);
        }
    }

    /**
     * Reads a file to its end and says that nobody took it: what has been sent is deleted. So every file of the run is
     * still needed when the job is restored.
     */
    @Override
    protected boolean sendValues(Iterable<Long> values, long checkpointId, long timestamp) {
        long read = 0;
        for (Long value : values) {
            read += value < 0 ? 0 : 1;
        }
        Tally.SENT.put(getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() + "/" + checkpointId, read);
        return false;
    }

    private static final class Committer extends CheckpointCommitter {
        private static final long serialVersionUID = 1;

        @Override
        public void open() {}

        @Override
        public void close() {}

        @Override
        public void createResource() {}

        @Override
        public void commitCheckpoint(int subtask, long checkpointId) {}

        @Override
        public boolean isCheckpointCommitted(int subtask, long checkpointId) {
            return false;
        }
    }
}
