// What the practice says: a queue of sound that plays without gaps and can be dropped at once.
class Player extends AudioWorkletProcessor {
  constructor() {
    super();
    this.queue = [];
    this.place = 0;
    this.port.onmessage = ({ data }) => {
      if (data === "hush") { this.queue = []; this.place = 0; }
      else this.queue.push(data);
    };
  }

  next() {
    const piece = this.queue[0];
    if (!piece) return 0;
    const at = Math.floor(this.place);
    const here = piece.samples[at] ?? 0;
    const there = piece.samples[at + 1] ?? this.queue[1]?.samples[0] ?? here;
    const value = here + (there - here) * (this.place - at);
    this.place += piece.rate / sampleRate;
    if (this.place >= piece.samples.length) {
      this.place -= piece.samples.length;
      this.queue.shift();
    }
    return value / 32768;
  }

  process(_, [output]) {
    const [first, ...others] = output;
    for (let i = 0; i < first.length; i += 1) first[i] = this.next();
    for (const channel of others) channel.set(first);
    return true;
  }
}
registerProcessor("player", Player);
