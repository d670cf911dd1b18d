package steward.lab;

import java.time.Duration;
import java.util.SplittableRandom;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/**
 * A job of which everything is known: so many keys, states with values of so many bytes, two of them with a TTL, one that
 * is written and cleared again, a timer for each key, and one subtask with most of the keys.
 */
final class KnownStates extends KeyedProcessFunction<Long, Long, Long> {
    private static final long serialVersionUID = 1;

    static final int KEYS = 6_000;
    static final int PAYLOAD_BYTES = 1_000;
    static final int ENTRIES = 5;
    private static final long NEVER_FIRES = Long.MAX_VALUE / 2;

    private transient ValueState<Long> counter;
    private transient ValueState<byte[]> payload;
    private transient MapState<Integer, Long> entries;
    private transient ListState<Long> events;
    private transient ValueState<String> session;
    private transient ValueState<byte[]> cleared;

    static JobGraph of(Configuration options) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(options);
        env.setParallelism(new Settings(options).parallelism);
        Versions.source(env, new KeySource(KEYS), Types.LONG)
                .setParallelism(1)
                .uid("keys")
                .name("keys")
                .keyBy(key -> key, Types.LONG)
                .process(new KnownStates())
                .uid("known-states-uid")
                .name("known-states")
                .sinkTo(new DiscardingSink<>())
                .uid("nothing");
        return env.getStreamGraph().getJobGraph();
    }

    @Override
    public void open(OpenContext context) {
        StateTtlConfig ttl = StateTtlConfig.newBuilder(Duration.ofDays(7)).build();
        counter = getRuntimeContext().getState(new ValueStateDescriptor<>("counter", Types.LONG));
        payload = getRuntimeContext().getState(new ValueStateDescriptor<>("payload", Keeper.BYTES));
        entries = getRuntimeContext().getMapState(new MapStateDescriptor<>("entries", Types.INT, Types.LONG));
        ListStateDescriptor<Long> ofEvents = new ListStateDescriptor<>("events", Types.LONG);
        ofEvents.enableTimeToLive(ttl);
        events = getRuntimeContext().getListState(ofEvents);
        ValueStateDescriptor<String> ofSession = new ValueStateDescriptor<>("session", Types.STRING);
        ofSession.enableTimeToLive(ttl);
        session = getRuntimeContext().getState(ofSession);
        cleared = getRuntimeContext().getState(new ValueStateDescriptor<>("cleared", Keeper.BYTES));
    }

    @Override
    public void processElement(Long key, Context context, Collector<Long> out) throws Exception {
        counter.update(key);
        payload.update(bytes(key));
        for (int entry = 0; entry < ENTRIES; entry++) {
            entries.put(entry, key);
        }
        events.add(key);
        session.update("session of " + key);
        cleared.update(bytes(key));
        cleared.clear();
        context.timerService().registerProcessingTimeTimer(NEVER_FIRES + key);
    }

    /** Incompressible, so that files grow with what is in them. */
    private static byte[] bytes(long key) {
        byte[] value = new byte[PAYLOAD_BYTES];
        new SplittableRandom(key).nextBytes(value);
        return value;
    }
}
