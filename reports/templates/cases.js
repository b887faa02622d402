// The page of cases, last part: choosing and sorting, the list, one case, and the beginning of it all.

// ---- choosing and sorting

let order = new Int32Array(0), current = 0, opened = -1;
const sorting = { by: "verdict", down: false };
const RANK = { error: 0, fail: 1, inconclusive: 2, pass: 3 };
const place = (kind) => (c) => columns[`row_${kind}`][cases.start[c]];
const KEYS = {
  case: (c) => c, path: place("path"), service: place("service"), route: (c) => cases.route[c],
  outcome: (c) => columns.row_outcome[lastRow(c)], verdict: (c) => RANK[verdictOf(c)] ?? 2,
  begins: (c) => cases.begins[c], lasted: (c) => cases.lasted[c], late: (c) => -cases.over[c],
};
const shownColumns = () => ["case", ...(said.judged ? ["verdict"] : []), "late", "outcome", "lasted", "begins", "path",
  ...(names.service.length > 1 ? ["service"] : [])];

const chosen = (name) => $(`by-${name}`).value;
function choose(keep) {
  const picked = Object.fromEntries(["service", "path", "route", "outcome", "verdict", "late"].map((n) => [n, chosen(n)]));
  const text = $("by-text").value.toLocaleLowerCase();
  const want = (name, value) => picked[name] === "" || picked[name] === String(value);
  const found = [];
  for (let c = 0; c < total; c++) {
    if (!want("service", KEYS.service(c)) || !want("path", KEYS.path(c)) || !want("route", cases.route[c])) continue;
    if (!want("outcome", KEYS.outcome(c)) || !want("verdict", columns.verdict[c])) continue;
    if (picked.late === "none" && cases.over[c]) continue;
    if (picked.late === "any" && !cases.over[c]) continue;
    if (/^\d+$/.test(picked.late) && !lateSteps(c).some((r) => columns.row_step[r] === Number(picked.late))) continue;
    if (text && !names.case_id[c].toLocaleLowerCase().includes(text)) continue;
    found.push(c);
  }
  const key = Float64Array.from({ length: total }, (_, c) => KEYS[sorting.by](c));
  const sign = sorting.down ? -1 : 1;
  const compare = (a, b) => sign * (key[a] - key[b]) || (sorting.by === "verdict" ? cases.over[b] - cases.over[a] : 0) || a - b;
  // What has no moment comes last, whichever way one sorts.
  const known = found.filter((c) => !Number.isNaN(key[c])).sort(compare);
  order = Int32Array.from([...known, ...found.filter((c) => Number.isNaN(key[c]))]);
  current = Math.max(0, keep === undefined ? 0 : order.indexOf(keep));
  $("count").textContent = order.length ? say("cases.count", { shown: number(order.length), total: number(total) }) : say("cases.nothing");
  $("list").scrollTop = 0;
  showRows();
}

function fillFilters() {
  const option = (value, text) => make("option", { value }, text);
  const fill = (name, options) => {
    const before = chosen(name);
    $(`by-${name}`).replaceChildren(option("", say("cases.any")), ...options);
    $(`by-${name}`).value = before;
    $(`by-${name}`).parentElement.hidden = options.length < 2;
  };
  const all = (kind, tell) => names[kind].map((value, i) => option(i + 1, tell(value)));
  fill("service", all("service", (code) => named("service", code)));
  fill("path", all("path", (code) => named("path", code)));
  fill("route", routes.slice(0, 200).map(({ route, place: at, count }) => option(at, `${short(route)} (${number(count)})`)));
  fill("outcome", [...all("outcome", (code) => code), option(0, say("cases.open"))]);
  fill("verdict", said.judged ? all("verdict", (code) => word("verdict", code)) : []);
  const late = names.step.map((step, i) => [i + 1, step]).filter(([at]) => lateKinds.has(at));
  fill("late", [option("any", say("cases.late_any")), option("none", say("cases.late_none")),
    ...late.map(([at, step]) => option(at, say("cases.late_step", { step })))]);
}
let lateKinds = new Set();
const short = (text) => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

// ---- the list: only the rows in sight exist

let rowHeight = 37;
// In rem; in a narrow window the verdict stays in sight beside the case.
const WIDTHS = { case: matchMedia("(max-width: 44rem)").matches ? 11 : 15, verdict: 10, late: 12, outcome: 11, lasted: 10, begins: 14, path: 13, service: 20 };
function showHeads() {
  $("heads").replaceChildren(...shownColumns().map((name) => {
    const button = make("button", { type: "button" }, say(`cases.${name}`));
    button.onclick = () => { sorting.down = sorting.by === name && !sorting.down; sorting.by = name; showHeads(); choose(order[current]); };
    const sorted = sorting.by === name ? { "aria-sort": sorting.down ? "descending" : "ascending" } : {};
    const head = make("th", { scope: "col", class: `column-${name}`, ...sorted }, button);
    head.style.width = `${WIDTHS[name]}rem`;
    return head;
  }));
  // A fixed width: a long name must not make its column wide.
  $("heads").closest("table").style.width = `${shownColumns().reduce((sum, name) => sum + WIDTHS[name], 0)}rem`;
}
function cellOf(name, c) {
  if (name === "service" || name === "path") return apart(named(name, nameOf(name, cases.start[c])));
  if (name === "outcome") return outcomeOf(c) === undefined ? say("cases.open") : make("code", {}, outcomeOf(c));
  if (name === "verdict") return status(verdictOf(c) || "inconclusive");
  if (name === "begins") return moment(cases.begins[c]);
  if (name === "lasted") return Number.isNaN(cases.lasted[c]) ? "–" : duration(cases.lasted[c]);
  const steps = lateSteps(c).map((r) => nameOf("step", r));
  return steps.length ? `${steps.join(" ")} +${duration(cases.over[c])}` : "";
}
function rowOf(at) {
  const c = order[at];
  const button = make("button", { type: "button", tabindex: at === current ? "0" : "-1", title: names.case_id[c] }, apart(names.case_id[c]));
  button.onclick = () => { current = at; openCase(c); };
  const row = make("tr", { "aria-rowindex": at + 2, "data-at": at },
    ...shownColumns().map((name) => (name === "case" ? make("th", { scope: "row" }, button) : make("td", {}, cellOf(name, c)))));
  if (c === opened) row.setAttribute("aria-current", "true");
  return row;
}
function gap(rows) {
  const cell = make("td", { colspan: shownColumns().length });
  cell.style.height = `${rows * rowHeight}px`;
  return make("tr", { class: "gap", "aria-hidden": "true" }, cell);
}
function showRows() {
  const list = $("list"), focused = list.contains(document.activeElement) && document.activeElement.closest("tbody");
  const first = Math.max(0, Math.floor(list.scrollTop / rowHeight) - 8);
  const last = Math.min(order.length, first + Math.ceil(list.clientHeight / rowHeight) + 16);
  const rows = [];
  for (let at = first; at < last; at++) rows.push(rowOf(at));
  $("rows").replaceChildren(gap(first), ...rows, gap(order.length - last));
  $("rows").parentElement.setAttribute("aria-rowcount", order.length + 1);
  const height = rows[0]?.offsetHeight;
  if (height && Math.abs(height - rowHeight) > 0.5) { rowHeight = height; showRows(); return; }
  if (focused) (buttonAt(current) ?? list).focus({ preventScroll: true });
}
const buttonAt = (at) => $("rows").querySelector(`tr[data-at="${at}"] button`);
function goTo(at) {
  current = Math.min(Math.max(at, 0), order.length - 1);
  const list = $("list"), top = current * rowHeight, room = list.clientHeight - $("heads").offsetHeight - rowHeight;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top > list.scrollTop + room) list.scrollTop = top - room;
  showRows();
  buttonAt(current)?.focus({ preventScroll: true });
}
const JUMPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
function onKey(event) {
  if (!(event.key in JUMPS) || event.ctrlKey || event.metaKey || event.altKey || !order.length) return;
  event.preventDefault();
  goTo(document.activeElement === $("list") ? current : current + JUMPS[event.key]);
}

// ---- one case

const facts = (pairs) => make("dl", { class: "facts" }, ...pairs.filter(([, value]) => value !== null)
  .map(([name, value]) => make("div", {}, make("dt", {}, `${say(name)}:`), make("dd", {}, value))));
const table = (heads, rows, kind) => make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": heads[0] },
  make("table", { class: `stack ${kind}` }, make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
    make("tbody", {}, ...rows.map((cells) => make("tr", {}, ...cells.map((cell, i) => make(i ? "td" : "th",
      i ? { "data-label": heads[i] } : { scope: "row" }, cell)))))));

function rowsOf(c) {
  const found = [];
  for (let r = cases.start[c]; r < cases.start[c + 1]; r++) {
    const [enabled, started, completed] = columns.moments.subarray(3 * r, 3 * r + 3);
    const key = [nameOf("service", r), nameOf("path", r), nameOf("step", r)].join(" ");
    found.push({
      key, step: nameOf("step", r), unit: nameOf("unit", r), resource: nameOf("resource", r), outcome: nameOf("outcome", r),
      enabled, started, completed, limit: columns.limits[r], standing: columns.row_standing[r],
      waited: started - enabled, worked: completed - started, took: completed - enabled,
    });
  }
  return found;
}
const span = (us) => (Number.isNaN(us) ? "–" : us === 0 ? unitOfTime("s", 0) : duration(us));
const partsOf = ({ waited, worked }) => (Number.isNaN(waited + worked) ? []
  : [make("div", { class: "note" }, say("cases.parts", { waited: span(waited), worked: span(worked) }))]);
function standingOf(row) {
  if (row.standing === OVER) return make("strong", {}, say("cases.over", { time: duration(row.took - row.limit) }));
  return say({ [WITHIN]: "cases.within", [UNKNOWN]: "cases.unknown" }[row.standing] ?? "cases.no_limit");
}
function limitOf(row) {
  if (row.limit < 0) return "–";
  const how = said.statuses[row.key];
  return duration(row.limit) + (how ? ` (${said.texts[root.lang][how] ?? how})` : "");
}

function openCase(c, focus = true) {
  opened = c;
  $("panes").classList.add("opened");
  const rows = rowsOf(c), id = names.case_id[c];
  history.replaceState(null, "", `#${encodeURIComponent(id)}`);
  const hidden = columns.n[c] - 1 - rows.length;
  const heads = ["step", "who", "span", "took", "limit", "outcome"];
  $("case").replaceChildren(
    make("h2", {}, apart(id)),
    facts([["cases.service", apart(named("service", nameOf("service", cases.start[c])))], ["cases.path", apart(named("path", nameOf("path", cases.start[c])))],
      ["cases.outcome", cellOf("outcome", c)], ["cases.verdict", said.judged ? status(verdictOf(c) || "inconclusive") : null],
      ["cases.lasted", cellOf("lasted", c)]]),
    ...normsOf(c),
    make("h3", {}, say("cases.sequence")), make("p", { class: "note" }, say("cases.scale")),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("cases.sequence") }, diagram(id, rows, decisionsOf(c))),
    ...(hidden > 0 ? [make("p", {}, say("cases.rows_hidden", { n: number(rows.length), total: number(columns.n[c] - 1) }))] : []),
    table(heads.map((name) => say(`cases.${name}`)), rows.map((row) => [
      make("span", {}, make("code", {}, row.step), " ", apart(said.names.step[row.key]?.[root.lang] ?? "")),
      make("span", {}, apart(named("unit", row.unit)), row.resource ? " · " : "", row.resource ? apart(row.resource) : null),
      make("span", {}, moment(row.enabled), make("br"), Number.isNaN(row.completed) ? say("cases.open") : moment(row.completed)),
      make("span", {}, span(row.took), ...partsOf(row)),
      make("span", {}, limitOf(row), make("div", { class: "note" }, standingOf(row))),
      row.outcome === undefined ? "–" : make("code", {}, row.outcome)]), "steps"),
    ...documentsOf(c, rows),
  );
  showRows();
  if (focus) $("case").focus();
}
function normsOf(c) {
  if (!said.judged) return [];
  const lines = names.norms[columns.norms[c] - 1].split("\n").filter(Boolean).map((line) => line.split(" "));
  if (!lines.length) return [make("p", {}, say("cases.norms_none"))];
  const told = (some) => make("ul", {}, ...some.map(([norm, verdict, reason]) => make("li", {}, status(verdict), " ",
    make("code", {}, norm), " ", apart(said.names.norm[norm]?.[root.lang] ?? ""), reason ? ` (${word("reason", reason)})` : "")));
  const broken = lines.filter(([, verdict]) => verdict !== "inconclusive"), open = lines.filter(([, verdict]) => verdict === "inconclusive");
  return [make("h3", {}, say("cases.norms")), ...(broken.length ? [told(broken)] : []),
    ...(open.length ? [make("details", {}, make("summary", {}, say("cases.norms_open", { n: number(open.length) })), told(open))] : [])];
}
// ---- the beginning

function retell() {
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  for (const element of document.querySelectorAll("div[data-label], section[data-label], form[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
  }
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === root.lang));
  }
  document.title = [say("cases.title"), ...document.title.split(" · ").slice(1)].join(" · ");
  if (total === undefined) return;
  fillFilters();
  showHeads();
  choose(order[current]);
  if (opened >= 0) openCase(opened, false);
}

function listen() {
  $("filters").addEventListener("input", () => choose());
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("filters").addEventListener("reset", () => setTimeout(() => choose()));
  let waiting = false;
  $("list").addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; showRows(); });
  });
  $("list").addEventListener("keydown", onKey);
  $("case").addEventListener("keydown", (event) => { if (event.key === "Escape") goTo(Math.max(0, order.indexOf(opened))); });
  addEventListener("resize", showRows);
}

async function begin() {
  for (const button of document.querySelectorAll("[data-language]")) {
    button.onclick = () => { root.lang = button.dataset.language; retell(); };
  }
  $("languages").hidden = false;
  const asked = location.search.slice(1);
  if (Object.hasOwn(said.texts, asked)) root.lang = asked;
  const hide = (name, hidden) => document.querySelectorAll(name).forEach((element) => { element.hidden = hidden; });
  hide(".without-scripts", true);
  retell();
  if (!$("packed").textContent) return;
  try {
    await unpack();
  } catch {
    hide(".cannot-unpack", false);
    return;
  }
  survey();
  lateKinds = new Set();
  columns.row_standing.forEach((standing, r) => { if (standing === OVER) lateKinds.add(columns.row_step[r]); });
  $("plain").hidden = true;
  $("tool").hidden = false;
  if (!said.judged) sorting.by = "late";
  listen();
  retell();
  const follow = () => {
    const wanted = names.case_id.indexOf(decodeURIComponent(location.hash.slice(1)));
    if (wanted >= 0 && wanted !== opened) { choose(wanted); openCase(wanted, false); goTo(current); }
  };
  addEventListener("hashchange", follow);
  follow();
}
begin();
