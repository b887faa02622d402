// The page of cases, first part: words, numbers and moments of a language, and elements. The parts make one script
// (reports/cases_page.py). Texts are only ever set as text, never as markup.
"use strict";

const $ = (id) => document.getElementById(id);
const said = JSON.parse($("said").textContent);
const root = document.documentElement;

// ---- words, numbers and moments of a language

const say = (id, values = {}) => {
  const text = said.texts[root.lang][id] ?? id;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
};
const word = (group, code) => said.texts[root.lang][`${group}.${code}`] ?? code;
const named = (kind, code) => said.names[kind][code]?.[root.lang] ?? word(kind, code);
const forms = () => said.forms[root.lang];
const number = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, forms().group);

// Rounds half up in whole numbers, as reports/texts.py does: the two must never differ in a digit.
const rounded = (us, unit, decimals) => Math.floor((2 * us * 10 ** decimals + unit) / (2 * unit));
const decimal = (value, decimals) => {
  const digits = String(value % 10 ** decimals).padStart(decimals, "0").replace(/0+$/, "");
  const whole = number(Math.floor(value / 10 ** decimals));
  return decimals && digits ? whole + forms().decimal + digits : whole;
};
const unitOfTime = (unit, value) => say(`unit_of_time.${unit}`, { value });

function duration(us) {
  const sign = us < 0 ? "−" : "";
  us = Math.abs(us);
  if (us < 1000) return sign + unitOfTime("us", number(us));
  if (rounded(us, 1000, 0) < 1000) return sign + unitOfTime("ms", number(rounded(us, 1000, 0)));
  const decimals = us >= 3600e6 ? 0 : 1;
  const all = rounded(us, 1e6, decimals);
  const rest = all % (60 * 10 ** decimals);
  const minutes = (all - rest) / (60 * 10 ** decimals);
  const parts = [["d", Math.floor(minutes / 1440)], ["h", Math.floor(minutes / 60) % 24], ["min", minutes % 60]];
  const told = parts.filter(([, value]) => value).map(([unit, value]) => unitOfTime(unit, number(value)));
  if (rest || !told.length) told.push(unitOfTime("s", decimal(rest, decimals)));
  return sign + told.join(" ");
}

const clockOf = (zone) => new Intl.DateTimeFormat("en-GB", {
  timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit",
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
let clock;
try { clock = clockOf(said.zone); } catch { clock = clockOf("UTC"); }

function momentParts(us) {
  const parts = {};
  for (const { type, value } of clock.formatToParts(new Date(Math.floor(us / 1000)))) parts[type] = value;
  const day = forms().day.replace(/[ymd]/g, (sign) => parts[{ y: "year", m: "month", d: "day" }[sign]]);
  const ms = String(Math.floor(us / 1000) % 1000).padStart(3, "0");
  return { day, time: `${parts.hour}:${parts.minute}:${parts.second}`, ms: forms().decimal + ms };
}
const moment = (us) => {
  if (Number.isNaN(us)) return "–";
  const { day, time, ms } = momentParts(us);
  return `${day} ${time}${ms}`;
};

// ---- elements

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}
function draw(tag, attributes, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  return element;
}
const apart = (text) => make("bdi", {}, text);
const status = (code, told = word("verdict", code)) => make("span", { class: `status status-${code}` },
  make("span", { class: "sign", "aria-hidden": "true" }, said.marks[code] ?? "·"), ` ${told}`);
