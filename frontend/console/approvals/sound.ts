// Two short notes when something new waits; off until somebody wants them.
const NOTES = [660, 880];
let context: AudioContext | null = null;

/** Browsers let a page sound only after it was touched: called with each touch of ours. */
export function mayPlay(): void {
  context ??= new AudioContext();
  void context.resume();
}

export function play(): void {
  if (context?.state !== "running") return;
  NOTES.forEach((frequency, place) => {
    const [note, volume] = [context!.createOscillator(), context!.createGain()];
    const at = context!.currentTime + place * 0.12;
    note.frequency.value = frequency;
    volume.gain.setValueAtTime(0.08, at);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.22);
    note.connect(volume).connect(context!.destination);
    note.start(at);
    note.stop(at + 0.25);
  });
}
