package steward.bench;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Reads _metadata files that lie in memory, as Flink does before it restores from one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FlinksReader {
    /** A folder: every file named _metadata below it is read once. */
    @Param("")
    public String folder;

    private record Metadata(byte[] bytes, String pointer) {}

    private List<Metadata> files;

    @Setup
    public void load() throws IOException {
        try (Stream<Path> paths = Files.walk(Path.of(folder))) {
            files = paths.filter(path -> path.endsWith("_metadata")).sorted().map(FlinksReader::of).toList();
        }
    }

    @Benchmark
    public void read(Blackhole blackhole) throws IOException {
        for (Metadata file : files) {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(file.bytes()));
            blackhole.consume(
                    Checkpoints.loadCheckpointMetadata(in, FlinksReader.class.getClassLoader(), file.pointer()));
        }
    }

    private static Metadata of(Path path) {
        try {
            return new Metadata(Files.readAllBytes(path), path.getParent().toUri().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
