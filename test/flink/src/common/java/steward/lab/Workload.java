package steward.lab;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * What is written, as a function of a partition and a number alone. So the position of a partition at a checkpoint's
 * barrier, which is in the checkpoint, tells every key and value that the checkpoint must hold, and those that it must
 * not.
 */
final class Workload {
    /** Sources share these, whatever their parallelism. */
    static final int PARTITIONS = 4;

    static final long NEVER = -1;

    /** The first so many writes go to keys that are never written again: their SST files stay live for as long as the
     * job runs. */
    private static final int OLD_KEYS = 1_000;

    /** Of the later writes each so-many-th adds another key that is never written again. */
    private static final int NEW_KEY_EVERY = 16;

    /** The others go round these keys and the entries of their maps. Coprime with the above. */
    private static final int HOT_KEYS = 149;

    private static final int SLOTS = 7;
    private static final int VALUE_BYTES = 160;
    private static final long KEYS_OF_A_PARTITION = 1_000_000_000L;
    private static final long FIRST_HOT_KEY = KEYS_OF_A_PARTITION / 2;

    private Workload() {}

    static Element write(int partition, long number) {
        if (number < OLD_KEYS) {
            return new Element(coldKey(partition, number), Element.COLD, number, false);
        }
        long later = number - OLD_KEYS;
        if (later % NEW_KEY_EVERY == 0) {
            return new Element(coldKey(partition, OLD_KEYS + later / NEW_KEY_EVERY), Element.COLD, number, false);
        }
        long hot = partition * KEYS_OF_A_PARTITION + FIRST_HOT_KEY + later % HOT_KEYS;
        return new Element(hot, (int) (later % SLOTS), number, false);
    }

    /** The value of a write. Hardly compressible, so that files grow with what is in them. */
    static byte[] value(long key, long number) {
        ByteBuffer value = ByteBuffer.allocate(VALUE_BYTES).putLong(number);
        SplittableRandom random = new SplittableRandom(key * 31 + number);
        while (value.remaining() >= Long.BYTES) {
            value.putLong(random.nextLong());
        }
        return value.array();
    }

    /** Every question that a state with this position must answer. @param position the number of the next write */
    static void questions(int partition, long position, Consumer<Element> ask) {
        Map<String, Element> last = new HashMap<>();
        for (long number = 0; number < position; number++) {
            Element write = write(partition, number);
            if (write.slot == Element.COLD) {
                ask.accept(new Element(write.key, Element.COLD, number, true));
            } else {
                last.put(write.key + "/" + write.slot, write);
            }
        }
        last.values().forEach(write -> ask.accept(new Element(write.key, write.slot, write.number, true)));
        for (long number = position, asked = 0; asked < 10; number++) {
            Element unwritten = write(partition, number);
            if (unwritten.slot == Element.COLD) {
                ask.accept(new Element(unwritten.key, Element.COLD, NEVER, true));
                asked++;
            }
        }
    }

    private static long coldKey(int partition, long index) {
        return partition * KEYS_OF_A_PARTITION + index;
    }
}
