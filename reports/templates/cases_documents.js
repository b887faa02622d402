// The page of cases, fourth part: the documents of a case, each with what its signature was worth and when.

const VERIFIES = { pass: "cases.verifies", fail: "cases.verifies_not" };
const INDICATIONS = { pass: "TOTAL_PASSED", fail: "TOTAL_FAILED", inconclusive: "INDETERMINATE" };
const SINCE = { receipt: "cases.at_receipt", signer: "cases.at_signing" };
const decisionsOf = (c) => (said.documents[c]?.checks ?? []).filter((check) => check.since === "decision");
const decidedBy = (check, rows) => rows.filter((row) => row.step === check.step)[check.nth];
// A refusal for something else says nothing of the signature.
const speaks = (check) => check.held !== "not_applicable";
const heldOf = (check) => `${word("evidence_decided", check.decided)}: ${said.marks[check.held] ?? "·"} ${word("verdict", check.held)}`;
const foundOf = (check) => word("indication", INDICATIONS[check.verdict]) + (check.reason ? ` (${check.reason})` : "");

// The words of the report's own sequence (reports/sequence.py).
const handedOver = (check) => `${say("sequence.signature", { document: word("evidence_document", check.told), found: foundOf(check) })}; ${heldOf(check)}`;

function asOf(check, rows) {
  if (check.since === "never" || (check.since !== "decision" && check.moment_us === null)) return "–";
  if (check.since !== "decision") return make("span", {}, say(SINCE[check.since]), make("br"), moment(check.moment_us));
  const row = decidedBy(check, rows), step = make("code", {}, check.step);
  if (!row) return step;
  return make("span", {}, step, " ", apart(named("unit", row.unit)), make("br"), moment(check.decided === "accepted" ? row.completed : row.enabled));
}
function worthOf(check) {
  if (check.since === "never") return make("span", {}, status(check.verdict, say("cases.verifies_unknown")), make("div", { class: "note" }, say("cases.unchecked")));
  const detail = check.detail ? make("div", { class: "note" }, apart(check.detail)) : null;
  if (check.since === "decision") {
    return make("span", {}, speaks(check) ? status(check.verdict, foundOf(check)) : null, make("div", {}, heldOf(check)), detail);
  }
  const told = status(check.verdict, say(VERIFIES[check.verdict] ?? "cases.verifies_unknown"));
  return make("span", {}, told, check.reason ? ` ${word("reason", check.reason)}` : "", detail);
}
function documentsOf(c, rows) {
  const own = said.documents[c], title = make("h3", {}, say("cases.documents"));
  if (!own) return Object.keys(said.documents).length ? [title, make("p", {}, say("cases.documents_none"))] : [];
  const heads = ["document", "way", "as_of", "signature"].map((name) => say(`cases.${name}`));
  const checks = own.checks.map((check) => [make("code", {}, check.document),
    check.way.map((unit) => named("unit", unit)).join(" → ") || "–", asOf(check, rows), worthOf(check)]);
  const files = own.files.map((file) => make("li", {}, make("a", { href: `${own.folder}/${encodeURIComponent(file)}` }, file)));
  const note = say(own.decided ? "cases.checks_note" : "cases.undecided");
  return [title, ...(checks.length ? [table(heads, checks, "signatures"), make("p", { class: "note" }, note)] : []),
    ...(said.verified ? [] : [make("p", {}, say("cases.not_verified"))]), make("p", {}, say("cases.files")), make("ul", {}, ...files)];
}
