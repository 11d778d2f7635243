// The bell and the desktop notice. Both need a press of the person first; both may be refused by the browser.

const NOTES: readonly { hertz: number; atS: number }[] = [
  { hertz: 880, atS: 0 },
  { hertz: 660, atS: 0.22 },
  { hertz: 880, atS: 0.44 },
];
const NOTE_S = 0.18;
const LOUDNESS = 0.25;

let audio: AudioContext | null = null;

/** Three tones, made here: no sound file, nothing to load when the line is bad. */
export function ring(): void {
  audio ??= new AudioContext();
  void audio.resume();
  const start = audio.currentTime;
  for (const { hertz, atS } of NOTES) {
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.frequency.value = hertz;
    gain.gain.setValueAtTime(LOUDNESS, start + atS);
    gain.gain.exponentialRampToValueAtTime(0.001, start + atS + NOTE_S);
    tone.connect(gain).connect(audio.destination);
    tone.start(start + atS);
    tone.stop(start + atS + NOTE_S);
  }
}

/** Asks the browser for desktop notices; `false` when they are refused or unknown here. */
export async function askForNotices(): Promise<boolean> {
  if (!('Notification' in window)) return false;
  return (await Notification.requestPermission()) === 'granted';
}

/** A notice on the desktop. The text never says who or where: it may lie open on a locked screen. */
export function notify(title: string): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  const notice = new Notification(title, {
    icon: '/favicon.svg',
    requireInteraction: true,
    tag: 'dianma-hazard',
  });
  notice.onclick = () => {
    window.focus();
    notice.close();
  };
}
