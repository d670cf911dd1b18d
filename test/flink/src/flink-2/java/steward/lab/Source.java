package steward.lab;

import org.apache.flink.streaming.api.functions.source.legacy.RichParallelSourceFunction;

/** Flink 2 moved this class. */
abstract class Source<T> extends RichParallelSourceFunction<T> {
    private static final long serialVersionUID = 1;

    final int subtask() {
        return getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    }
}
