// The page of cases, third part: one case as a sequence diagram. A lane for whoever did something, time downwards,
// a box for each step (dashed: waiting, filled: work), an arrow where the case goes over to somebody else.

// In a narrow window two lanes have room side by side.
const NARROW = matchMedia("(max-width: 44rem)").matches;
const LANE = NARROW ? 124 : 180, MARGIN = NARROW ? 88 : 104, LETTERS = NARROW ? 12 : 18, WORDS = NARROW ? 24 : 34, BOX = 26, GAP = 26;

// Steps last from milliseconds to weeks: a height grows with the logarithm of the time.
const heightOf = (us) => (us > 0 ? 12 + 7 * Math.log10(1 + us / 1e5) : 0);

function diagram(id, rows, decisions) {
  const units = [...new Set(rows.map((row) => row.unit))];
  const rank = (unit) => (said.lanes.indexOf(unit) + 1 || said.lanes.length + 1);
  units.sort((one, two) => rank(one) - rank(two) || units.indexOf(one) - units.indexOf(two));
  const heads = units.map((unit) => lines(named("unit", unit), LETTERS));
  const top = 18 + 16 * Math.max(...heads.map((head) => head.length));
  const middle = (unit) => MARGIN + LANE * (units.indexOf(unit) + 0.5);
  const parts = [];
  let y = top + 10, before = null;
  for (const row of rows) {
    if (before && before.unit !== row.unit) {
      parts.push(message(middle(before.unit), middle(row.unit), y, row.step));
      y += 12;
    }
    const found = decisions.filter((check) => speaks(check) && decidedBy(check, rows) === row);
    y = box(parts, row, found, middle(row.unit), y, units.length > 1 && middle(row.unit) > MARGIN + LANE * units.length - LANE);
    before = row;
  }
  const width = MARGIN + LANE * Math.max(units.length, 2), height = y + 6;
  const lanes = units.map((unit) => draw("line", { class: "lane", x1: middle(unit), x2: middle(unit), y1: top, y2: height }));
  const titles = units.flatMap((unit, i) => heads[i].map((line, n) =>
    draw("text", { class: "lane-name", x: middle(unit), y: 16 + 16 * n, "text-anchor": "middle" }, line)));
  const picture = draw("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": say("cases.diagram", { case: id }) });
  picture.append(...lanes, ...titles, ...parts);
  return picture;
}

function box(parts, row, found, x, y, leftwards) {
  const wait = heightOf(row.waited), work = Math.max(heightOf(Number.isNaN(row.worked) ? row.took : row.worked), 16);
  const late = row.standing === OVER, from = Number.isNaN(row.enabled) ? row.completed : row.enabled;
  if (!Number.isNaN(from)) {
    const { time, ms } = momentParts(from);
    parts.push(draw("text", { class: "moment", x: 4, y: y + 12 }, time + ms));
  }
  if (wait) parts.push(draw("rect", { class: "wait", x: x - BOX / 2, y, width: BOX, height: wait }));
  parts.push(draw("rect", { class: late ? "work work-late" : "work", x: x - BOX / 2, y: y + wait, width: BOX, height: work }));
  const side = leftwards ? { x: x - BOX / 2 - 8, "text-anchor": "end" } : { x: x + BOX / 2 + 8 };
  const told = Number.isNaN(row.completed) ? say("cases.open") : span(row.took);
  parts.push(draw("text", { class: "halo", ...side, y: y + 12 }, `${row.step} · ${told}`));
  let below = y + 12;
  if (late) parts.push(draw("text", { class: "halo late", ...side, y: (below += 16) }, say("cases.over", { time: duration(row.took - row.limit) })));
  for (const check of found) {
    const worst = check.held === "fail" || check.held === "error" ? "halo found late" : "halo found";
    for (const line of lines(handedOver(check), WORDS)) parts.push(draw("text", { class: worst, ...side, y: (below += 15) }, line));
  }
  return Math.max(y + wait + work, below + 6) + GAP;
}

function message(from, to, y, step) {
  const group = draw("g", {}), way = to > from ? 1 : -1, end = to - way * BOX / 2, start = from + way * BOX / 2;
  group.append(
    draw("line", { class: "message", x1: start, x2: end - way * 7, y1: y, y2: y }),
    draw("polygon", { class: "head", points: `${end},${y} ${end - way * 9},${y - 4.5} ${end - way * 9},${y + 4.5}` }),
    draw("text", { class: "halo moment", x: (from + to) / 2, y: y - 4, "text-anchor": "middle" }, step),
  );
  return group;
}

function lines(text, width) {
  const found = [];
  for (const one of text.split(" ")) {
    const last = found.at(-1);
    if (last !== undefined && last.length + 1 + one.length <= width) found[found.length - 1] = `${last} ${one}`;
    else found.push(one);
  }
  return found.slice(0, 5).map((line) => (line.length > width + 4 ? `${line.slice(0, width + 3)}…` : line));
}
