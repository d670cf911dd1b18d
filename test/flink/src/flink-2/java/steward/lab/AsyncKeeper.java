package steward.lab;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.v2.MapState;
import org.apache.flink.api.common.state.v2.MapStateDescriptor;
import org.apache.flink.api.common.state.v2.ValueState;
import org.apache.flink.api.common.state.v2.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** {@link Keeper} with asynchronous state: what makes ForSt keep its database in the checkpoint directory. */
final class AsyncKeeper extends KeyedProcessFunction<Long, Element, Long> {
    private static final long serialVersionUID = 1;

    private transient ValueState<byte[]> cold;
    private transient MapState<Integer, byte[]> hot;

    @Override
    public void open(OpenContext context) {
        cold = getRuntimeContext().getState(new ValueStateDescriptor<>("cold", Keeper.BYTES));
        hot = getRuntimeContext().getMapState(new MapStateDescriptor<>("hot", Types.INT, Keeper.BYTES));
    }

    @Override
    public void processElement(Element element, Context context, Collector<Long> out) {
        if (element.asks) {
            (element.slot == Element.COLD ? cold.asyncValue() : hot.asyncGet(element.slot))
                    .thenAccept(found -> Keeper.judge(element, found));
            return;
        }
        Tally.failWhenTold();
        byte[] value = Workload.value(element.key, element.number);
        if (element.slot == Element.COLD) {
            cold.asyncUpdate(value);
        } else {
            hot.asyncPut(element.slot, value);
        }
    }
}
