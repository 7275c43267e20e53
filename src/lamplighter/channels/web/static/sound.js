// Microphone and loudspeaker of a call. Without a microphone a call still has its loudspeaker, keys and words.
"use strict";

class CallSound {
  constructor(onPiece) {
    this.onPiece = onPiece;
    this.muted = false;
  }

  async open() {
    this.context = new AudioContext({ latencyHint: "interactive" });
    await Promise.all(["capture", "player"].map((name) => this.context.audioWorklet.addModule(`/static/${name}.js`)));
    this.player = new AudioWorkletNode(this.context, "player", { numberOfInputs: 0, outputChannelCount: [1] });
    this.player.connect(this.context.destination);
    await this.context.resume();
  }

  async listen() {
    const wanted = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
    this.stream = await navigator.mediaDevices.getUserMedia({ audio: wanted });
    if (!this.context || this.context.state === "closed") return this.stopStream();
    this.capture = new AudioWorkletNode(this.context, "capture", { numberOfOutputs: 0 });
    this.capture.port.onmessage = ({ data }) => { if (!this.muted) this.onPiece(data); };
    this.context.createMediaStreamSource(this.stream).connect(this.capture);
  }

  play(frame) {
    if (!this.player || frame.byteLength <= 4) return;
    const rate = new DataView(frame).getUint32(0, true);
    this.player.port.postMessage({ rate, samples: new Int16Array(frame.slice(4)) });
  }

  hush() {
    this.player?.port.postMessage("hush");
  }

  mute(on) {
    this.muted = on;
    this.stream?.getAudioTracks().forEach((track) => { track.enabled = !on; });
  }

  stopStream() {
    this.stream?.getTracks().forEach((track) => track.stop());
  }

  close() {
    this.stopStream();
    this.context?.close();
    this.context = null;
    this.player = null;
  }
}
