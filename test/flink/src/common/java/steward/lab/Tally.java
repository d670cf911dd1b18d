package steward.lab;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the job and the console tell each other: both live in one JVM, and user code is loaded once. */
final class Tally {
    static final AtomicBoolean FAIL = new AtomicBoolean();

    /** Whether all keys of the job with known states have been sent. */
    static final AtomicBoolean EMITTED = new AtomicBoolean();

    /** {@link System#nanoTime} until which no checkpoint may complete. */
    static final AtomicLong STALL_UNTIL = new AtomicLong(System.nanoTime());

    static final AtomicInteger PARTITIONS = new AtomicInteger();
    static final AtomicLong ASKED = new AtomicLong();
    static final AtomicLong RIGHT = new AtomicLong();
    /** By all partitions before the checkpoint. */
    static final AtomicLong WRITTEN = new AtomicLong();
    static final AtomicLong RULES = new AtomicLong();
    /** How many values a write-ahead sink has read again, by subtask and checkpoint that it had not sent. */
    static final ConcurrentHashMap<String, Long> SENT = new ConcurrentHashMap<>();

    private static final ConcurrentLinkedQueue<String> WRONG = new ConcurrentLinkedQueue<>();
    private static final AtomicLong WRONGS = new AtomicLong();

    private Tally() {}

    static void reset() {
        FAIL.set(false);
        EMITTED.set(false);
        PARTITIONS.set(0);
        ASKED.set(0);
        RIGHT.set(0);
        WRITTEN.set(0);
        RULES.set(0);
        SENT.clear();
        WRONG.clear();
        WRONGS.set(0);
    }

    static void wrong(String what) {
        if (WRONGS.incrementAndGet() <= 3) {
            WRONG.add(what);
        }
    }

    static void stallWhenTold() throws InterruptedException {
        long left = STALL_UNTIL.get() - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    static void failWhenTold() {
        if (FAIL.get() && FAIL.compareAndSet(true, false)) {
            throw new IllegalStateException("The console told the job to fail.");
        }
    }

    static long sent() {
        return SENT.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Null if all that had to be asked was asked and is right. @param writeAhead whether there is such a sink */
    static String objection(boolean writeAhead) {
        if (writeAhead && sent() != WRITTEN.get()) {
            return "the write-ahead sink reads " + sent() + " of " + WRITTEN.get() + " values that it has not sent";
        }
        if (WRONGS.get() > 0) {
            return WRONGS.get() + " wrong values: " + String.join("; ", WRONG);
        }
        if (PARTITIONS.get() != Workload.PARTITIONS) {
            return "positions of " + PARTITIONS.get() + " partitions in place of " + Workload.PARTITIONS;
        }
        if (RIGHT.get() != ASKED.get()) {
            return RIGHT.get() + " answers to " + ASKED.get() + " questions";
        }
        return RULES.get() == 1 ? null : "the broadcast state was not asked";
    }
}
