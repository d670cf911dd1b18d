package steward.lab;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.CheckpointProperties;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.changelog.StateChange;
import org.apache.flink.runtime.state.changelog.inmemory.InMemoryChangelogStateHandle;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.filemerging.EmptySegmentFileStateHandle;
import org.apache.flink.runtime.state.filemerging.SegmentFileStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What Flink's own reader finds in a {@code _metadata}, as JSON on one line. As a program it answers for every
 * {@code _metadata} below a folder, one line each; given a jar too, it first unpacks those of the jar.
 */
public final class Metadata {
    private static final int MAGIC = 0x4960672d;
    private static final ObjectMapper JSON = new ObjectMapper();

    private Metadata() {}

    public static void main(String[] args) throws Exception {
        PrintStream answers = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        System.setOut(System.err);
        Path folder = Path.of(args[0]);
        if (args.length > 1) {
            unpack(new File(args[1]), folder);
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.filter(path -> path.endsWith("_metadata")).sorted()::iterator) {
                Map<String, Object> facts = new LinkedHashMap<>();
                facts.put("file", file.toString());
                try {
                    facts.putAll(of(file.getParent().toUri().toString()));
                } catch (Exception e) {
                    facts.put("error", e.getClass().getSimpleName());
                }
                answers.println(JSON.writeValueAsString(facts));
            }
        }
        answers.flush();
    }

    static String json(String pointer) throws Exception {
        return JSON.writeValueAsString(of(pointer));
    }

    /** Whatever begins as a {@code _metadata} does, each into a folder of its own. */
    private static void unpack(File file, Path folder) throws Exception {
        try (JarFile jar = new JarFile(file)) {
            int number = 0;
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                byte[] bytes = entry.isDirectory() ? new byte[0] : jar.getInputStream(entry).readAllBytes();
                if (bytes.length >= 8 && ByteBuffer.wrap(bytes).getInt() == MAGIC) {
                    String name = entry.getName().replaceAll("[^\\w.]+", "-");
                    Path own = Files.createDirectories(folder.resolve(name + "-" + number++));
                    Files.write(own.resolve("_metadata"), bytes);
                }
            }
        }
    }

    private static Map<String, Object> of(String pointer) throws Exception {
        CompletedCheckpointStorageLocation location =
                AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(pointer);
        byte[] bytes = location.getMetadataHandle().openInputStream().readAllBytes();
        Map<String, Object> facts = new LinkedHashMap<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            CheckpointMetadata metadata =
                    Checkpoints.loadCheckpointMetadata(in, Metadata.class.getClassLoader(), pointer);
            // The one thing that Flink's reader does not tell of what it has read.
            facts.put("formatVersion", ByteBuffer.wrap(bytes).getInt(4));
            facts.put("checkpointId", Long.toString(metadata.getCheckpointId()));
            facts.put("fileLength", bytes.length);
            facts.put("trailingBytes", in.available());
            facts.put("properties", properties(metadata.getCheckpointProperties()));
            facts.putAll(handles(metadata));
            List<Object> operators = new ArrayList<>();
            for (OperatorState operator : metadata.getOperatorStates()) {
                operators.add(operator(operator));
            }
            facts.put("operators", operators);
        }
        return facts;
    }

    private static Map<String, Object> properties(CheckpointProperties properties) {
        if (properties == null) {
            return null;
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("isSavepoint", properties.isSavepoint());
        facts.put("sharing", properties.getCheckpointType().getSharingFilesStrategy().name());
        if (properties.getCheckpointType() instanceof SavepointType) {
            facts.put("savepointFormat", ((SavepointType) properties.getCheckpointType()).getFormatType().name());
        }
        return facts;
    }

    private static Map<String, Object> handles(CheckpointMetadata metadata) throws Exception {
        Map<String, Integer> kinds = new TreeMap<>();
        TreeSet<String> paths = new TreeSet<>();
        long references = 0;
        long inlineBytes = 0;
        for (StateObject handle : References.handles(metadata.getOperatorStates())) {
            kinds.merge(handle.getClass().getSimpleName(), 1, Integer::sum);
            if (handle instanceof FileStateHandle) {
                references++;
                paths.add(((FileStateHandle) handle).getFilePath().toString());
            } else if (handle instanceof SegmentFileStateHandle && !(handle instanceof EmptySegmentFileStateHandle)) {
                references++;
                paths.add(((SegmentFileStateHandle) handle).getFilePath().toString());
            } else if (handle instanceof ByteStreamStateHandle) {
                inlineBytes += ((ByteStreamStateHandle) handle).getData().length;
            } else if (handle instanceof InMemoryChangelogStateHandle) {
                for (StateChange change : ((InMemoryChangelogStateHandle) handle).getChanges()) {
                    inlineBytes += change.getChange().length;
                }
            }
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("handleKinds", kinds);
        facts.put("fileReferences", references);
        facts.put("inlineBytes", inlineBytes);
        facts.put("distinctPaths", paths);
        return facts;
    }

    private static Map<String, Object> operator(OperatorState operator) {
        List<Integer> subtasks = new ArrayList<>();
        List<Integer> finished = new ArrayList<>();
        if (!operator.isFullyFinished()) {
            for (Map.Entry<Integer, OperatorSubtaskState> subtask :
                    new TreeMap<>(operator.getSubtaskStates()).entrySet()) {
                (subtask.getValue().isFinished() ? finished : subtasks).add(subtask.getKey());
            }
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("id", operator.getOperatorID().toString());
        facts.put("name", named(operator, "getOperatorName"));
        facts.put("uid", named(operator, "getOperatorUid"));
        facts.put("parallelism", operator.getParallelism());
        facts.put("maxParallelism", operator.getMaxParallelism());
        facts.put("fullyFinished", operator.isFullyFinished());
        facts.put("subtasks", subtasks);
        facts.put("finishedSubtasks", finished);
        facts.put("stateBytes", operator.getStateSize());
        facts.put("newBytes", operator.getCheckpointedSize());
        return facts;
    }

    /** Operators have names since Flink 2.0. */
    private static Object named(OperatorState operator, String getter) {
        try {
            return ((Optional<?>) OperatorState.class.getMethod(getter).invoke(operator)).orElse(null);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
