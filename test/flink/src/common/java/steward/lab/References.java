package steward.lab;

import java.io.DataInputStream;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.StateObjectCollection;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.filemerging.DirectoryStreamStateHandle;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;

/**
 * The files that a checkpoint names, by Flink's own reader. The handles are walked as objects, whatever their classes,
 * so that a kind of handle that nobody thought of is not left out.
 */
final class References {
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> files = new TreeSet<>();

    private References() {}

    static Set<String> of(String pointer) throws Exception {
        CompletedCheckpointStorageLocation location =
                AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(pointer);
        References references = new References();
        try (DataInputStream in = new DataInputStream(location.getMetadataHandle().openInputStream())) {
            CheckpointMetadata metadata =
                    Checkpoints.loadCheckpointMetadata(in, References.class.getClassLoader(), pointer);
            references.walk(metadata.getOperatorStates());
        }
        return references.files;
    }

    /** All handles but those that only gather others (of operators, of subtasks) and those of directories. */
    static List<StateObject> handles(Object states) throws IllegalAccessException {
        References references = new References();
        references.walk(states);
        List<StateObject> handles = new ArrayList<>();
        for (Object object : references.seen) {
            boolean gathers = object instanceof OperatorState
                    || object instanceof OperatorSubtaskState
                    || object instanceof StateObjectCollection
                    || object instanceof DirectoryStreamStateHandle;
            if (object instanceof StateObject && !gathers) {
                handles.add((StateObject) object);
            }
        }
        return handles;
    }

    private void walk(Object object) throws IllegalAccessException {
        if (object == null || object instanceof String || object instanceof Enum || !seen.add(object)) {
            return;
        }
        if (object instanceof Path) {
            // Of file handles, relative ones too (the reader has resolved them), and of segments of merged files.
            files.add(object.toString());
        } else if (object instanceof Iterable) {
            for (Object element : (Iterable<?>) object) {
                walk(element);
            }
        } else if (object instanceof Map) {
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) object).entrySet()) {
                walk(entry.getKey());
                walk(entry.getValue());
            }
        } else if (object.getClass().isArray()) {
            for (int i = 0; !object.getClass().getComponentType().isPrimitive() && i < Array.getLength(object); i++) {
                walk(Array.get(object, i));
            }
        } else if (object.getClass().getName().startsWith("org.apache.flink.")) {
            walkFields(object);
        }
    }

    private void walkFields(Object object) throws IllegalAccessException {
        for (Class<?> type = object.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                boolean flinks = type.getName().startsWith("org.apache.flink.");
                if (flinks && !field.getType().isPrimitive() && !Modifier.isStatic(field.getModifiers())) {
                    field.setAccessible(true);
                    walk(field.get(object));
                }
            }
        }
    }
}
