"""An independent telephone (PJSIP) in a process of its own, driven by lines of JSON: it speaks and hears tones.

Commands: call, say, keys, hang_up, quit. It tells of states, of keys, and of every word that it heard whole.
"""

import json
import os
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from typing import Any

import numpy as np
import pjsua2 as pj

from lamplighter.channels.speech.sound import samples
from lamplighter.desk.ports import Sound
from tests.channels.phone.tones import scan, written

FRAME = 320
SILENCE = bytes(FRAME)
LONGEST = 16_000  # bytes: no word takes longer than a second


def tell(**told: object) -> None:
    print(json.dumps({**told, "at": time.monotonic()}), flush=True)


class Ear(pj.AudioMediaPort):
    """The other end of the call's sound."""

    def __init__(self) -> None:
        super().__init__()
        self.says: deque[bytes] = deque()
        self.heard = bytearray()
        self.frames = 0
        self.loud = False

    def onFrameRequested(self, frame: Any) -> None:
        frame.type = pj.PJMEDIA_FRAME_TYPE_AUDIO
        piece = self.says.popleft() if self.says else SILENCE
        frame.buf = pj.ByteVector(list(piece.ljust(FRAME, b"\0")))

    def onFrameReceived(self, frame: Any) -> None:
        piece = bytes(frame.buf)
        self.frames += 1
        self.heard += piece
        if not self.loud and piece and np.abs(np.frombuffer(piece, "<i2")).max() > 1000:
            self.loud = True
            tell(first_sound=True)


class Calling(pj.Call):
    def __init__(self, account: Any, ear: Ear) -> None:
        super().__init__(account)
        self.ear = ear

    def onCallState(self, prm: Any) -> None:
        info = self.getInfo()
        tell(state=info.stateText, status=info.lastStatusCode)

    def onCallMediaState(self, prm: Any) -> None:
        audio = self.getAudioMedia(-1)
        self.ear.startTransmit(audio)
        audio.startTransmit(self.ear)

    def onDtmfDigit(self, prm: Any) -> None:
        tell(key=prm.digit)


class Account(pj.Account):
    def __init__(self, phone: "Phone") -> None:
        super().__init__()
        self.phone = phone

    def onIncomingCall(self, prm: Any) -> None:
        call = self.phone.call = Calling.__new__(Calling)
        pj.Call.__init__(call, self, prm.callId)
        call.ear = self.phone.ear
        tell(ringing=call.getInfo().remoteUri)
        answer = pj.CallOpParam()
        answer.statusCode = self.phone.answers
        call.answer(answer)


class Phone:
    def __init__(self, port: int, number: str, *, srtp: bool, answers: int) -> None:
        self.answers = answers
        self.call: Calling | None = None
        self.commands: deque[dict[str, Any]] = deque()
        self.endpoint = pj.Endpoint()
        self.endpoint.libCreate()
        config = pj.EpConfig()
        config.logConfig.level = 0
        config.logConfig.consoleLevel = 0
        config.uaConfig.threadCnt = 0
        config.uaConfig.mainThreadOnly = True
        config.medConfig.noVad = True
        self.endpoint.libInit(config)
        transport = pj.TransportConfig()
        transport.port, transport.boundAddress = port, "127.0.0.1"
        self.endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
        self.endpoint.libStart()
        for codec in self.endpoint.codecEnum2():
            self.endpoint.codecSetPriority(codec.codecId, 255 if codec.codecId.startswith("PCMU") else 0)
        self.endpoint.audDevManager().setNullDev()
        self.account = Account(self)
        account = pj.AccountConfig()
        account.idUri = f"sip:{number}@127.0.0.1:{port}"
        media = account.mediaConfig
        media.transportConfig.boundAddress = media.transportConfig.publicAddress = "127.0.0.1"
        media.transportConfig.port = 20000 + port % 20000
        if srtp:
            media.srtpUse, media.srtpSecureSignaling = pj.PJMEDIA_SRTP_MANDATORY, 0
        self.account.create(account)
        self.ear = self._ear()

    def _ear(self) -> Ear:
        ear, form = Ear(), pj.MediaFormatAudio()
        form.type, form.clockRate, form.channelCount = pj.PJMEDIA_TYPE_AUDIO, 8000, 1
        form.bitsPerSample, form.frameTimeUsec, form.avgBps, form.maxBps = 16, 20000, 128000, 128000
        ear.createPort("ear", form)
        return ear

    def run(self) -> None:
        tell(ready=True)
        looked = time.monotonic()
        while True:
            self.endpoint.libHandleEvents(10)
            while self.commands:
                self.do(self.commands.popleft())
            if time.monotonic() - looked > 0.15:
                looked = time.monotonic()
                self.listen()

    def listen(self) -> None:
        whole = len(self.ear.heard) // 2 * 2
        words, over = scan(samples(Sound(bytes(self.ear.heard[:whole]), 8000)))
        for word in words:
            if word is not None:
                tell(heard=word)
        del self.ear.heard[: max(2 * over, whole - LONGEST)]

    def do(self, command: dict[str, Any]) -> None:
        match command["do"]:
            case "call":
                self.ear.loud = False
                self.ear.heard.clear()
                self.call = Calling(self.account, self.ear)
                tell(calling=True)
                self.call.makeCall(command["to"], pj.CallOpParam(True))
            case "say":
                pcm = written(command["text"]).pcm
                self.ear.says.extend(pcm[at : at + FRAME] for at in range(0, len(pcm), FRAME))
            case "keys" if self.call:
                self.call.dialDtmf(command["keys"])
            case "hang_up" if self.call:
                with suppress(pj.Error):  # it is over already
                    self.call.hangup(pj.CallOpParam())
            case "frames":
                tell(frames=self.ear.frames)
            case "quit":
                os._exit(0)  # it aborts where it is torn down


def main() -> None:
    port, number, more = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    answers = next((int(each) for each in more if each.isdigit()), 200)
    phone = Phone(port, number, srtp="srtp" in more, answers=answers)

    def read() -> None:
        for line in sys.stdin:
            phone.commands.append(json.loads(line))
        phone.commands.append({"do": "quit"})

    threading.Thread(target=read, daemon=True).start()
    phone.run()


if __name__ == "__main__":
    main()
