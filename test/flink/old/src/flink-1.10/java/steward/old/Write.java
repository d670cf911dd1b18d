package steward.old;

import static steward.old.Handles.exclusive;
import static steward.old.Handles.incremental;
import static steward.old.Handles.inline;
import static steward.old.Handles.keyGroups;
import static steward.old.Handles.operatorState;

import java.util.List;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.MasterState;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.savepoint.SavepointV2;
import org.apache.flink.runtime.jobgraph.OperatorID;

/** Format 2, as Flink 1.3 to 1.10 wrote it. */
public final class Write {
    public static void main(String[] args) throws Exception {
        OperatorState full = new OperatorState(new OperatorID(1, 2), 3, 128);
        full.putState(0, new OperatorSubtaskState(
                operatorState(exclusive(1)),
                operatorState(inline(60)),
                keyGroups(0, 3, exclusive(2)),
                null));
        full.putState(2, new OperatorSubtaskState(
                null, null, keyGroups(4, 7, inline(40)), keyGroups(4, 7, exclusive(3))));
        OperatorState incremental = new OperatorState(new OperatorID(3, 4), 2, 32_768);
        incremental.putState(0, new OperatorSubtaskState(null, null, incremental(0, 16_383, 10), null));
        incremental.putState(1, new OperatorSubtaskState(null, null, incremental(16_384, 32_767, 20), null));
        OperatorState idle = new OperatorState(new OperatorID(5, 6), 1, 128);
        MasterState hook = new MasterState("hook", new byte[] {1, 2, 3}, 4);
        SavepointV2 metadata = new SavepointV2(7, List.of(full, incremental, idle), List.of(hook));
        Handles.write(args[0], "flink1.10-v2", out -> Checkpoints.storeCheckpointMetadata(metadata, out));
    }
}
