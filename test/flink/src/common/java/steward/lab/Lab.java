package steward.lab;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.runtime.checkpoint.CheckpointStatsCounts;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

/**
 * A Flink cluster in this JVM and a console to it. Each line of standard input is a command with {@code key=value}
 * arguments, all separated by tabs; each is answered by one line that begins with {@code @ ok} or {@code @ error}.
 * The arguments of the program are options of the cluster, which every job has too.
 */
public final class Lab {
    /** Against hangs alone. */
    private static final long LIMIT_SECONDS = 300;
    private static final int SLOTS = 8;
    private static final Map<String, String> LOOPBACK_ONLY = Map.of(
            "rest.address", "127.0.0.1",
            "rest.bind-address", "127.0.0.1",
            "rest.port", "0",
            "jobmanager.bind-host", "127.0.0.1",
            "taskmanager.bind-host", "127.0.0.1",
            "taskmanager.host", "127.0.0.1");

    private final Configuration clusterOptions;
    private final MiniCluster cluster;
    private final PrintStream answers;
    private JobID job;

    private Lab(Configuration clusterOptions, MiniCluster cluster, PrintStream answers) {
        this.clusterOptions = clusterOptions;
        this.cluster = cluster;
        this.answers = answers;
    }

    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        // Whatever else is printed must not be mistaken for an answer.
        System.setOut(System.err);
        Configuration options = configuration(configuration(new Configuration(), LOOPBACK_ONLY), pairs(args, 0));
        FileSystem.initialize(options, null);
        MiniClusterConfiguration shape = new MiniClusterConfiguration.Builder()
                .setConfiguration(options)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(SLOTS)
                .build();
        MiniCluster cluster = new MiniCluster(shape);
        try {
            cluster.start();
            new Lab(options, cluster, answers).converse();
        } catch (Exception e) {
            e.printStackTrace();
        }
        // Threads of a cluster that did not start, or of jobs that hang while they are cancelled, must not keep the JVM.
        Runtime.getRuntime().halt(0);
    }

    private void converse() throws Exception {
        answers.println("@ ok ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null && !line.equals("exit"); line = in.readLine()) {
            String[] words = line.split("\t");
            try {
                answers.println("@ ok " + obey(words[0], pairs(words, 1)));
            } catch (Exception | LinkageError e) {
                e.printStackTrace();
                answers.println("@ error " + rootCause(e));
            }
        }
    }

    private String obey(String command, Map<String, String> arguments) throws Exception {
        switch (command) {
            case "start":
                return start(arguments).toHexString();
            case "status":
                return status();
            case "fail":
                Tally.FAIL.set(true);
                return "";
            case "stall":
                Tally.STALL_UNTIL.set(System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(arguments.get("seconds"))));
                return "";
            case "savepoint":
                return cluster.triggerSavepoint(job, arguments.get("dir"), false, format(arguments))
                        .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            case "stop":
                return cluster.stopWithSavepoint(job, arguments.get("dir"), false, format(arguments))
                        .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            case "cancel":
                cluster.cancelJob(job).get(LIMIT_SECONDS, TimeUnit.SECONDS);
                result(job);
                return "";
            case "verify":
                return verify(arguments);
            case "references":
                return String.join("\t", References.of(arguments.get("path")));
            case "emitted":
                return Tally.EMITTED.get() + "";
            case "metadata":
                return Metadata.json(arguments.get("path"));
            default:
                throw new IllegalArgumentException("There is no command \"" + command + "\".");
        }
    }

    private JobID start(Map<String, String> arguments) throws Exception {
        Tally.reset();
        Configuration options = configuration(clusterOptions, arguments);
        boolean isKnown = options.getString("lab.job", "").equals("known-states");
        JobGraph graph = isKnown ? KnownStates.of(options) : Topology.of(options);
        cluster.submitJob(graph).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        job = graph.getJobID();
        return job;
    }

    private String status() throws Exception {
        AccessExecutionGraph graph = cluster.getExecutionGraph(job).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        CheckpointStatsCounts counts = graph.getCheckpointStatsSnapshot().getCounts();
        return graph.getState() + "\t" + counts.getNumberOfCompletedCheckpoints() + "\t"
                + counts.getNumberOfFailedCheckpoints();
    }

    /** Restores, asks for every key, and waits for the end. */
    private String verify(Map<String, String> arguments) throws Exception {
        Map<String, String> asking = new HashMap<>(arguments);
        asking.put("lab.asks", "true");
        JobID id = start(asking);
        JobResult result;
        try {
            result = result(id);
        } catch (Exception e) {
            cluster.cancelJob(id);
            throw e;
        }
        if (result.getSerializedThrowable().isPresent()) {
            throw new IllegalStateException(
                    result.getSerializedThrowable().get().deserializeError(Lab.class.getClassLoader()));
        }
        String objection = Tally.objection(asking.getOrDefault("lab.write-ahead", "false").equals("true"));
        if (objection != null) {
            throw new IllegalStateException(objection);
        }
        return Tally.RIGHT + "";
    }

    private JobResult result(JobID id) throws Exception {
        return cluster.requestJobResult(id).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private static SavepointFormatType format(Map<String, String> arguments) {
        return SavepointFormatType.valueOf(arguments.get("format"));
    }

    private static Map<String, String> pairs(String[] words, int from) {
        Map<String, String> pairs = new HashMap<>();
        for (int i = from; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            pairs.put(words[i].substring(0, equals), words[i].substring(equals + 1));
        }
        return pairs;
    }

    private static Configuration configuration(Configuration base, Map<String, String> pairs) {
        Configuration configuration = new Configuration(base);
        pairs.forEach(configuration::setString);
        return configuration;
    }

    /** The innermost cause, on one line: what a user looks for in the trace. */
    private static String rootCause(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return (cause.getClass().getSimpleName() + ": " + cause.getMessage()).replaceAll("\\s+", " ");
    }
}
