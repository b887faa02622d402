// The page of cases, second part: the columns, unpacked, and what is asked of every case. Their form is told in
// reports/cases_data.py.

let names, columns, total;
const cases = { start: null, begins: null, lasted: null, over: null, route: null };
let routes = [];

async function unpack() {
  const octets = Uint8Array.from(atob($("packed").textContent), (sign) => sign.charCodeAt(0));
  const stream = new Blob([octets]).stream().pipeThrough(new DecompressionStream("deflate"));
  const data = new Uint8Array(await new Response(stream).arrayBuffer());
  const length = new DataView(data.buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(data.subarray(4, 4 + length)));
  let at = 4 + length;
  names = header.names;
  columns = {};
  for (const [name, count, width] of header.columns) {
    const plane = (k) => data.subarray(at + k * count, at + (k + 1) * count);
    columns[name] = width === 4 ? whole(plane, count, 0) : large(plane, count);
    at += count * width;
  }
}
function whole(plane, count, from) {
  const [a, b, c, d] = [0, 1, 2, 3].map((k) => plane(from + k));
  const values = new Int32Array(count);
  for (let i = 0; i < count; i++) values[i] = a[i] | (b[i] << 8) | (c[i] << 16) | (d[i] << 24);
  return values;
}
function large(plane, count) {
  const low = whole(plane, count, 0), high = whole(plane, count, 4);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = high[i] * 4294967296 + (low[i] >>> 0);
  return values;
}

// What is asked of every case at once: where its rows begin, its first moment, its length, its latest step.
function survey() {
  const { rows_of, moments, limits, row_step, row_standing } = columns;
  total = rows_of.length;
  for (let i = 0, known = 0; i < moments.length; i++) {
    if (moments[i] < -9e18) moments[i] = NaN;
    else moments[i] = known += moments[i];
  }
  cases.start = new Int32Array(total + 1);
  for (const name of ["begins", "lasted", "over"]) cases[name] = new Float64Array(total);
  cases.route = new Int32Array(total);
  const known = new Map();
  for (let c = 0, r = 0; c < total; c++) {
    cases.start[c] = r;
    let first = Infinity, last = -Infinity, over = 0, route = "";
    for (const end = r + rows_of[c]; r < end; r++) {
      for (let k = 3 * r; k < 3 * r + 3; k++) {
        if (moments[k] < first) first = moments[k];
        if (moments[k] > last) last = moments[k];
      }
      if (row_standing[r] === OVER) over = Math.max(over, moments[3 * r + 2] - moments[3 * r] - limits[r]);
      route += (route && " ") + names.step[row_step[r] - 1];
    }
    cases.begins[c] = first === Infinity ? NaN : first;
    cases.lasted[c] = last - first >= 0 ? last - first : NaN;
    cases.over[c] = over;
    if (!known.has(route)) known.set(route, [known.size, 0]);
    known.get(route)[1]++;
    cases.route[c] = known.get(route)[0];
  }
  cases.start[total] = row_step.length;
  routes = [...known].map(([route, [place, count]]) => ({ route, place, count })).sort((a, b) => b.count - a.count);
  cases.names = [];
  for (const { route, place } of routes) cases.names[place] = route;
}
const WITHIN = 2, OVER = 3, UNKNOWN = 4; // standings, counted from 1; 1: the step has no limit
const lastRow = (c) => cases.start[c + 1] - 1;
const nameOf = (kind, row) => names[kind][columns[`row_${kind}`][row] - 1];
const outcomeOf = (c) => nameOf("outcome", lastRow(c));
const verdictOf = (c) => names.verdict[columns.verdict[c] - 1];
const lateSteps = (c) => {
  const found = [];
  for (let r = cases.start[c]; r < cases.start[c + 1]; r++) if (columns.row_standing[r] === OVER) found.push(r);
  return found;
};
