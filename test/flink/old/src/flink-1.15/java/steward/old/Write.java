package steward.old;

import static steward.old.Handles.exclusive;
import static steward.old.Handles.groups;
import static steward.old.Handles.incremental;
import static steward.old.Handles.inline;
import static steward.old.Handles.keyGroups;
import static steward.old.Handles.operatorState;
import static steward.old.Handles.shared;

import java.util.List;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.changelog.ChangelogStateBackendHandle.ChangelogStateBackendHandleImpl;
import org.apache.flink.runtime.state.changelog.ChangelogStateHandleStreamImpl;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;

/** Format 3, as Flink 1.11 to 1.15 wrote it, with the first handles of a changelog. */
public final class Write {
    public static void main(String[] args) throws Exception {
        OperatorState state = new OperatorState(new OperatorID(1, 2), 2, 128);
        state.setCoordinatorState((ByteStreamStateHandle) inline(30));
        state.putState(0, subtask(keyGroups(0, 63, keyGroups(0, 63, exclusive(1)))));
        state.putState(1, subtask(incremental(64, 127, 10)));
        OperatorState changelog = new OperatorState(new OperatorID(3, 4), 1, 128);
        ChangelogStateHandleStreamImpl changes = new ChangelogStateHandleStreamImpl(
                List.of(Tuple2.of(shared(30), 0L), Tuple2.of(shared(30), 500L), Tuple2.of(inline(20), 0L)),
                groups(0, 127), 1_030, 1_030);
        changelog.putState(0, subtask(new ChangelogStateBackendHandleImpl(
                List.of(incremental(0, 127, 40)), List.of(changes), groups(0, 127), 3, 1_030)));
        CheckpointMetadata metadata = new CheckpointMetadata(7, List.of(state, changelog), List.of());
        Handles.write(args[0], "flink1.15-v3", out -> Checkpoints.storeCheckpointMetadata(metadata, out));
    }

    private static OperatorSubtaskState subtask(KeyedStateHandle keyed) {
        return OperatorSubtaskState.builder()
                .setManagedOperatorState(operatorState(exclusive(5)))
                .setManagedKeyedState(keyed)
                .build();
    }
}
