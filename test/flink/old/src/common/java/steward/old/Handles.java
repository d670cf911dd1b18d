package steward.old;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeOffsets;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;
import org.apache.flink.runtime.state.StateHandleID;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;

/** Handles such as jobs have them, the same in each run. */
final class Handles {
    private static final String JOB = "s3://state-bucket/flink/checkpoints/0f6b7d1f4f0b4b0c9a3d2e1c5b6a7988";

    private Handles() {}

    interface Writing {
        void to(OutputStream out) throws Exception;
    }

    static void write(String folder, String name, Writing writing) throws Exception {
        try (OutputStream out = Files.newOutputStream(Path.of(folder, name + ".metadata"))) {
            writing.to(out);
        }
    }

    static StreamStateHandle shared(int number) {
        return file("shared", number);
    }

    static StreamStateHandle exclusive(int number) {
        return file("chk-7", number);
    }

    private static StreamStateHandle file(String folder, int number) {
        String path = String.format("%s/%s/00000000-0000-4000-8000-%012d", JOB, folder, number);
        return new FileStateHandle(new org.apache.flink.core.fs.Path(path), 1_000L + number);
    }

    static StreamStateHandle inline(int bytes) {
        return new ByteStreamStateHandle(String.format("%s/chk-7/inline-%d", JOB, bytes), new byte[bytes]);
    }

    static KeyGroupRange groups(int from, int to) {
        return KeyGroupRange.of(from, to);
    }

    static KeyGroupsStateHandle keyGroups(int from, int to, StreamStateHandle stream) {
        long[] offsets = new long[to - from + 1];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = 10L * i;
        }
        return new KeyGroupsStateHandle(new KeyGroupRangeOffsets(groups(from, to), offsets), stream);
    }

    static IncrementalRemoteKeyedStateHandle incremental(int from, int to, int number) {
        Map<StateHandleID, StreamStateHandle> sst = new HashMap<>();
        sst.put(new StateHandleID("000011.sst"), shared(number));
        sst.put(new StateHandleID("000012.sst"), inline(12));
        Map<StateHandleID, StreamStateHandle> own = new HashMap<>();
        own.put(new StateHandleID("MANIFEST-000004"), exclusive(number + 1));
        return new IncrementalRemoteKeyedStateHandle(
                new UUID(4, number), groups(from, to), 7, sst, own, exclusive(number + 2));
    }

    static OperatorStateHandle operatorState(StreamStateHandle stream) {
        Map<String, OperatorStateHandle.StateMetaInfo> states = new HashMap<>();
        states.put("split", info(OperatorStateHandle.Mode.SPLIT_DISTRIBUTE, 0, 17));
        states.put("union", info(OperatorStateHandle.Mode.UNION, 34));
        states.put("broadcast", info(OperatorStateHandle.Mode.BROADCAST, 51));
        return new OperatorStreamStateHandle(states, stream);
    }

    private static OperatorStateHandle.StateMetaInfo info(OperatorStateHandle.Mode mode, long... offsets) {
        return new OperatorStateHandle.StateMetaInfo(offsets, mode);
    }
}
