// The server's time, second by second.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useDesk } from "../desk";

const tick = signal(0);
let watchers = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** Now by the server's clock, in ms; whoever asks is drawn again each second, by one timer for all. */
export function useNow(): number {
  const { queue } = useDesk();
  useEffect(() => {
    watchers += 1;
    timer ??= setInterval(() => (tick.value += 1), 1_000);
    return () => {
      watchers -= 1;
      if (watchers > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  }, []);
  void tick.value;
  return queue.now();
}
