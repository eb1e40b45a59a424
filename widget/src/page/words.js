// Words by key, and dates, times, numbers and names of languages as the agent's language writes them.
// No word stands here: `words` is a locale file as it was loaded, and Intl.
import { here } from "./place.js";

const words = () => here().kit.words;

export const word = (key) => words().table[key] ?? "";

// Formatters are dear to make: one per language and shape.
const made = new Map();
function format(kind, options) {
  const { region: lang } = words();
  const key = lang + kind + JSON.stringify(options);
  if (!made.has(key)) made.set(key, new Intl[kind](lang, options));
  return made.get(key);
}

export const dayNumber = (ms) => Math.floor((ms - new Date(ms).getTimezoneOffset() * 60_000) / 86_400_000);

// Today, yesterday and tomorrow by name; other days by their date.
export function day(ms, now) {
  const days = dayNumber(ms) - dayNumber(now);
  const text =
    Math.abs(days) < 2
      ? format("RelativeTimeFormat", { numeric: "auto" }).format(days, "day")
      : format("DateTimeFormat", {
          weekday: "short",
          day: "numeric",
          month: "long",
          year: days < -300 ? "numeric" : undefined,
        }).format(ms);
  return text.charAt(0).toLocaleUpperCase(words().lang) + text.slice(1);
}

// A time of day; with the weekday where it is not today's, with the date where it is further away.
export function when(ms, now) {
  const days = Math.abs(dayNumber(ms) - dayNumber(now));
  const day = days > 6 ? { day: "numeric", month: "short" } : days ? { weekday: "short" } : {};
  return format("DateTimeFormat", { ...day, hour: "2-digit", minute: "2-digit" }).format(ms);
}

export function span(hours, minutes, seconds) {
  const parts = Object.entries({ hour: hours, minute: minutes, second: seconds })
    .filter(([, n]) => n >= 0)
    .map(([unit, n]) => format("NumberFormat", { style: "unit", unit, unitDisplay: "narrow" }).format(n));
  return format("ListFormat", { type: "unit", style: "narrow" }).format(parts);
}

export const number = (n) => format("NumberFormat", {}).format(n);

export function language(code) {
  try {
    return format("DisplayNames", { type: "language" }).of(code.replaceAll("_", "-"));
  } catch {
    return code;
  }
}

export function contains(text, part) {
  const fold = (text) => text.toLocaleLowerCase(words().lang);
  return fold(text).includes(fold(part.trim()));
}
