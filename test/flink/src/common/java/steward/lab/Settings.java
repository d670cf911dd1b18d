package steward.lab;

import java.io.Serializable;
import org.apache.flink.configuration.Configuration;

/** The switches of the job itself; all others are Flink's own options. */
final class Settings implements Serializable {
    private static final long serialVersionUID = 1;

    final int parallelism;
    /** Reads what was restored in place of writing. */
    final boolean asks;
    /** Writes per second and partition. */
    final int rate;
    /** Each write takes so many microseconds: back-pressure. */
    final int slowMicros;
    /** One subtask stalls the snapshot of each so-many-th checkpoint, or 0. */
    final int stallEvery;
    final int stallMillis;
    /** Asynchronous state, where Flink has it. */
    final boolean async;
    /** With a sink that keeps what it has not sent yet in files of its own. */
    final boolean writeAhead;

    Settings(Configuration options) {
        parallelism = integer(options, "lab.parallelism", 2);
        asks = options.getString("lab.asks", "false").equals("true");
        rate = integer(options, "lab.rate", 1_000);
        slowMicros = integer(options, "lab.slow-micros", 0);
        stallEvery = integer(options, "lab.stall-every", 0);
        stallMillis = integer(options, "lab.stall-millis", 0);
        async = options.getString("lab.async", "false").equals("true");
        writeAhead = options.getString("lab.write-ahead", "false").equals("true");
    }

    private static int integer(Configuration options, String key, int otherwise) {
        return Integer.parseInt(options.getString(key, Integer.toString(otherwise)));
    }
}
