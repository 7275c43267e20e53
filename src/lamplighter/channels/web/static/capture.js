// Microphone to 16 kHz, 16-bit pieces of 40 ms; runs beside the page, on the audio thread.
class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = sampleRate / 16000;
    this.place = 0;
    this.sum = 0;
    this.count = 0;
    this.piece = new Int16Array(640);
    this.filled = 0;
  }

  process([input]) {
    const samples = input[0];
    if (!samples) return true;
    for (const sample of samples) {
      this.sum += sample;
      this.count += 1;
      this.place += 1;
      if (this.place < this.step) continue;
      this.place -= this.step;
      this.put(this.sum / this.count);
      this.sum = 0;
      this.count = 0;
    }
    return true;
  }

  put(sample) {
    this.piece[this.filled++] = Math.max(-32768, Math.min(32767, Math.round(sample * 32767)));
    if (this.filled < this.piece.length) return;
    this.port.postMessage(this.piece.buffer, [this.piece.buffer]);
    this.piece = new Int16Array(640);
    this.filled = 0;
  }
}
registerProcessor("capture", Capture);
