"use strict";
(() => {
  const by = (id) => document.getElementById(id);
  const { weak, from, to, limit } = Object.fromEntries(
    Object.entries(document.body.dataset).map(([name, value]) => [name, Number(value)]),
  );

  // the bar: 310 is nothing, 10 is full
  const FULL_PCT = 150;
  const height = (pct) => 310 - (300 * Math.min(Math.max(pct, 0), FULL_PCT)) / FULL_PCT;
  const place = (id, attributes) => {
    for (const [name, value] of Object.entries(attributes)) by(id).setAttribute(name, value);
  };
  place("target", { y: height(to), height: height(from) - height(to) });
  place("band", { d: `M36 ${height(to)}H100M36 ${height(from)}H100` });
  place("reference", { y1: height(100), y2: height(100) });
  place("reference-label", { y: height(100) });
  place("weak", { y1: height(weak), y2: height(weak) });
  place("weak-label", { y: height(weak) });

  // the level: its rim is two and a half times the limit
  const FULL_DEG = 2.5 * limit;
  place("limit", { r: (100 * limit) / FULL_DEG });

  const text = (id, words) => {
    if (by(id).textContent !== words) by(id).textContent = words;
  };

  function showPosture({ sagittal, frontal }) {
    const known = sagittal !== null && sagittal !== undefined;
    document.body.classList.toggle("no-posture", !known);
    document.body.classList.toggle("over", known && Math.max(Math.abs(sagittal), Math.abs(frontal)) > limit);
    if (!known) return text("tilt", "–");
    const far = Math.hypot(sagittal, frontal);
    const scale = (100 / FULL_DEG) * Math.min(1, FULL_DEG / (far || 1));
    place("bubble", { cx: frontal * scale, cy: -sagittal * scale });
    text("tilt", `${far.toFixed(1)}°`);
  }

  function showStrip(faults) {
    const strip = by("strip");
    const shown = faults.slice(-14).join("|");
    if (strip.dataset.shown === shown && strip.dataset.length === String(faults.length)) return;
    strip.dataset.shown = shown;
    strip.dataset.length = faults.length;
    strip.replaceChildren(
      ...faults.slice(-14).map((words) => {
        const item = document.createElement("li");
        item.className = words === "good" ? "good" : "bad";
        const name = item.appendChild(document.createElement("span"));
        name.textContent = words;
        return item;
      }),
    );
  }

  function show(view) {
    const { classList } = document.body;
    text("doing", view.doing);
    classList.toggle("trouble", !view.connected || view.trouble);
    classList.toggle("lost", !view.connected);
    for (const kind of ["good", "bad", "cue", "rest"]) classList.toggle(kind, view.kind === kind);
    if (!view.connected) {
      text("count", "–");
      text("press", "–");
      text("set", "");
      text("say", "");
      text("why", "");
      sound(0);
      return showPosture({ sagittal: null });
    }
    text("count", String(view.count));
    text("set", `${view.count === 1 ? "rep" : "reps"} in set ${view.set}`);
    text("say", view.say);
    text("why", view.why);
    text("press", String(view.press));
    const y = height(view.press);
    place("fill", { y, height: 310 - y });
    classList.toggle("in-target", view.press >= from && view.press <= to);
    showPosture(view);
    showStrip(view.strip);
    text("sums", view.reps ? `Session: ${view.good} of ${view.reps} reps good` : "");
    sound(view.tone);
  }

  // sound: what the block's buzzer sounds, once somebody asked for it
  let audio = null;
  let sounding = 0;
  function sound(hz) {
    if (!audio || hz === sounding) return;
    sounding = hz;
    const now = audio.context.currentTime;
    if (hz) audio.oscillator.frequency.setValueAtTime(hz, now);
    audio.gain.gain.setTargetAtTime(hz ? 0.15 : 0, now, 0.005);
  }
  function startAudio() {
    const context = new AudioContext();
    const oscillator = new OscillatorNode(context, { type: "triangle" });
    const gain = new GainNode(context, { gain: 0 });
    oscillator.connect(gain).connect(context.destination);
    oscillator.start();
    return { context, oscillator, gain };
  }
  by("sound").addEventListener("click", () => {
    if (audio) audio.context.close();
    audio = audio ? null : startAudio();
    sounding = 0;
    by("sound").setAttribute("aria-pressed", String(Boolean(audio)));
    text("sound", audio ? "Sound on" : "Sound off");
  });

  // a screen that goes dark in the middle of a set is of no use
  const stayLit = () => document.visibilityState === "visible" && navigator.wakeLock?.request("screen").catch(() => {});
  document.addEventListener("visibilitychange", stayLit);
  stayLit();

  const events = new EventSource("/events");
  events.onmessage = (event) => show(JSON.parse(event.data));
  events.onerror = () => show({ connected: false, doing: "The connection is lost: is 'pulseblock serve' still running?" });
})();
