/** Ties this process to the others of the same Nova: what happens here is told, what is told happens here. Used by worker.ts. */
import type { Address, ProgressBus, Wire } from "#core";
import type { Stops } from "./hold.ts";

/** The progress of the turns that run here, for the channels here and everywhere. */
export function toldProgress(progress: ProgressBus, wire: Pick<Wire, "tell">): ProgressBus {
  return {
    publish(address, news) {
      progress.publish(address, news);
      wire.tell({ kind: "progress", address, progress: news });
    },
    listen: (listener) => progress.listen(listener),
  };
}

export function toldStops(stops: Stops, wire: Pick<Wire, "tell">): Stops {
  return {
    stop(turn) {
      stops.stop(turn);
      wire.tell({ kind: "stop", turn });
    },
    watch: (turn, onStop) => stops.watch(turn, onStop),
  };
}

/** Tells that a message stands in the transcript; the channels here know it from having stored or sent it. */
export const tellSaid = (address: Address, wire: Pick<Wire, "tell">): void =>
  wire.tell({ kind: "progress", address, progress: { kind: "said" } });

export function hearOthers(progress: ProgressBus, stops: Stops, wire: Pick<Wire, "open">): void {
  wire.open((news) => {
    switch (news.kind) {
      case "progress":
        return progress.publish(news.address, news.progress, false);
      case "stop":
        return stops.stop(news.turn);
    }
  });
}
