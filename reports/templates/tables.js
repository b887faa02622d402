// Sort a table by any of its columns, and show only rows with certain words. The page says everything without it.
"use strict";
(() => {
  const said = document.currentScript.dataset;
  const LEAST_ROWS = 8;
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });

  const valueOf = (row, column) => {
    const cell = row.cells[column];
    if (!cell) return "";
    const value = cell.dataset.value;
    return value === undefined ? cell.textContent.trim() : Number(value);
  };

  // What has no value stays last, whichever way a column is sorted.
  const compare = (a, b, direction) => {
    const empty = (value) => value === "" || value === "–";
    if (empty(a) || empty(b)) return empty(a) - empty(b);
    if (typeof a === "number" && typeof b === "number") return direction * (a - b);
    return direction * collator.compare(String(a), String(b));
  };

  const sort = (table, head, column) => {
    const descending = head.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const direction = descending ? -1 : 1;
    const body = table.tBodies[0];
    const keyed = Array.from(body.rows, (row, place) => ({ row, place, value: valueOf(row, column) }));
    keyed.sort((a, b) => compare(a.value, b.value, direction) || a.place - b.place);
    body.append(...keyed.map((each) => each.row));
  };

  const makeSortable = (table) => {
    Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(table, head, column));
      head.append(button);
    });
  };

  const makeFilter = (table) => {
    const rows = Array.from(table.tBodies[0].rows);
    const label = document.createElement("label");
    const field = document.createElement("input");
    const count = document.createElement("output");
    label.className = "filter";
    field.type = "search";
    label.append(`${said.filter} `, field, " ", count);
    const show = () => {
      const wanted = field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLocaleLowerCase();
        row.hidden = !wanted.every((word) => text.includes(word));
        shown += row.hidden ? 0 : 1;
      }
      count.textContent = said.shown.replace("{shown}", shown).replace("{n}", rows.length);
    };
    field.addEventListener("input", show);
    (table.closest(".scroll") || table).before(label);
  };

  for (const table of document.querySelectorAll("table")) {
    if (!table.tHead || !table.tBodies.length || table.tBodies[0].rows.length < 2) continue;
    makeSortable(table);
    if (table.tBodies[0].rows.length >= LEAST_ROWS) makeFilter(table);
  }
})();
