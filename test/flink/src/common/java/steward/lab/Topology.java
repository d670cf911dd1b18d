package steward.lab;

import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job: two sources, broadcast state, keyed state. Writing and asking have the same operators. */
final class Topology {
    private Topology() {}

    static JobGraph of(Configuration options) {
        Settings settings = new Settings(options);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(options);
        env.setParallelism(settings.parallelism);
        DataStream<Long> rules = Versions.source(env, new RuleSource(settings), Types.LONG)
                .setParallelism(1)
                .uid("rules")
                .name("rules");
        DataStream<Element> elements = Versions.source(env, new PartitionSource(settings), Types.POJO(Element.class))
                .uid("partitions")
                .name("partitions")
                .connect(rules.broadcast(RuleKeeper.RULES))
                .process(new RuleKeeper())
                .uid("rule-keeper")
                .name("rule-keeper");
        Versions.keep(elements.keyBy(element -> element.key, Types.LONG), settings);
        JobGraph job = env.getStreamGraph().getJobGraph();
        String id = options.getString("lab.job-id", "");
        if (!id.isEmpty()) {
            job.setJobID(JobID.fromHexString(id));
        }
        return job;
    }
}
