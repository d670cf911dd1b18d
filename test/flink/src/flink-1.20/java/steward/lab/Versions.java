package steward.lab;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** What is written differently for Flink 1.20 and 2. */
final class Versions {
    private Versions() {}

    static <T> SingleOutputStreamOperator<T> source(
            StreamExecutionEnvironment env, Source<T> source, TypeInformation<T> type) {
        return env.addSource(source, type);
    }

    static void keep(KeyedStream<Element, Long> elements, Settings settings) {
        SingleOutputStreamOperator<Long> kept =
                elements.process(new Keeper(settings)).uid("keeper").name("keeper");
        if (settings.writeAhead) {
            WriteAhead.attach(kept);
        } else {
            kept.sinkTo(new DiscardingSink<>()).uid("nothing");
        }
    }
}
