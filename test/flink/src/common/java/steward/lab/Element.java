package steward.lab;

/** One write to the keyed state, or one question about it. A POJO of Flink's. */
public class Element {
    /** Slot of a value that is not in the map of its key. */
    public static final int COLD = -1;

    public long key;
    /** Which entry of the key's map, or {@link #COLD}. */
    public int slot;
    /** The number of the write; of a question, that of the write that must be found, or {@link Workload#NEVER}. */
    public long number;

    public boolean asks;

    public Element() {}

    Element(long key, int slot, long number, boolean asks) {
        this.key = key;
        this.slot = slot;
        this.number = number;
        this.asks = asks;
    }
}
