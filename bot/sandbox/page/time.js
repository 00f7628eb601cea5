// Dates in the page's language and the sandbox's time zone. All wall-clock text comes from here.

import { english, words } from "./words.js";

const cache = new Map();

function partsOf(instant, tz) {
  if (!cache.has(tz)) {
    cache.set(tz, new Intl.DateTimeFormat(english ? "en-GB" : "da-DK", {
      timeZone: tz, weekday: "long", day: "numeric", month: "long", year: "numeric",
      hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
    }));
  }
  const parts = {};
  for (const { type, value } of cache.get(tz).formatToParts(instant)) parts[type] = value;
  return parts;
}

const numericMonth = (instant, tz) =>
  Number(new Intl.DateTimeFormat("en-US", { timeZone: tz, month: "numeric" }).format(instant));

const pad = (number) => String(number).padStart(2, "0");

export function timeText(instant, tz) {
  const { hour, minute } = partsOf(instant, tz);
  return `${Number(hour)}${english ? ":" : "."}${minute}`;
}

export function dayText(instant, tz, withYear = true) {
  const { weekday, day, month, year } = partsOf(instant, tz);
  return `${weekday} ${day}${english ? "" : "."} ${month}${withYear ? " " + year : ""}`;
}

/** "mandag 16. november 2026 kl. 7.50 · uge 47" */
export function clockText(instant, tz) {
  return words.moment(dayText(instant, tz), timeText(instant, tz), isoWeek(instant, tz));
}

/** The wall clock as a datetime-local value. */
export function wallValue(instant, tz) {
  const { day, year, hour, minute } = partsOf(instant, tz);
  return `${year}-${pad(numericMonth(instant, tz))}-${pad(day)}T${hour}:${minute}`;
}

function isoWeek(instant, tz) {
  const date = new Date(wallValue(instant, tz).slice(0, 10) + "T00:00Z");
  const weekday = date.getUTCDay() || 7;
  date.setUTCDate(date.getUTCDate() + 4 - weekday); // the Thursday decides the week's year
  const newYear = Date.UTC(date.getUTCFullYear(), 0, 1);
  return Math.ceil(((date - newYear) / 86400000 + 1) / 7);
}

function offsetMinutes(instant, tz) {
  const wall = Date.parse(wallValue(instant, tz) + ":00Z");
  return Math.round((wall - Math.floor(instant.getTime() / 60000) * 60000) / 60000);
}

/** A wall-clock value in the zone -> ISO instant with its offset. */
export function wallToIso(value, tz) {
  const guess = new Date(value + "Z");
  let offset = offsetMinutes(guess, tz);
  // Ask again at the corrected instant: the first guess may lie across a change of the clocks.
  offset = offsetMinutes(new Date(guess.getTime() - offset * 60000), tz);
  const size = Math.abs(offset);
  return `${value}:00${offset < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** A plain calendar date (no zone) in words. */
export const calendarText = (isoDate) => dayText(new Date(isoDate + "T12:00Z"), "UTC");

/** Slack's <!date^..> and rich_text date formats. */
export function formatDate(seconds, pattern, tz, now) {
  const instant = new Date(seconds * 1000);
  const { day, month, year, second } = partsOf(instant, tz);
  const dot = english ? "" : ".";
  const short = `${day}${dot} ${month.slice(0, 3)}${dot} ${year}`;
  const plain = `${day}${dot} ${month} ${year}`;
  const long = dayText(instant, tz);
  const near = nearDay(instant, tz, now);
  const table = {
    date_num: wallValue(instant, tz).slice(0, 10), date: plain, date_short: short, date_long: long,
    date_pretty: near || plain, date_short_pretty: near || short, date_long_pretty: near || long,
    day_divider_pretty: near || dayText(instant, tz, false),
    time: timeText(instant, tz), time_secs: `${timeText(instant, tz)}${english ? ":" : "."}${second}`, ago: agoText(instant, now),
  };
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => table[name] ?? whole);
}

function nearDay(instant, tz, now) {
  const dayOf = (one) => Date.parse(wallValue(one, tz).slice(0, 10));
  return words.aroundToday[(dayOf(instant) - dayOf(now)) / 86400000 + 1] || "";
}

function agoText(instant, now) {
  const minutes = Math.round((instant - now) / 60000);
  const words = new Intl.RelativeTimeFormat(english ? "en" : "da");
  if (Math.abs(minutes) < 60) return words.format(minutes, "minute");
  if (Math.abs(minutes) < 1440) return words.format(Math.round(minutes / 60), "hour");
  return words.format(Math.round(minutes / 1440), "day");
}
