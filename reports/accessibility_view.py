"""Tell what an automated tool found on the pages, and never that a page is accessible."""

from collections.abc import Sequence
from typing import Any

from conformance.indicators.accessibility_tally import severity
from conformance.indicators.indicator_results import Accessibility, AccessibilityFinding
from reports.texts import Texts

MOST_SHOWN = 100
"""Rows of a table on the page; all of them stand in the CSV."""


def accessibility_view(found: Accessibility, texts: Texts) -> dict[str, Any]:
    """Return the rows of the block, the worst findings first."""
    return {
        "sentences": accessibility_sentences(found, texts),
        "source": texts.say(
            "ind.accessibility_source", tool=_tool(found, texts), pages=found.pages, entries=found.entries
        ),
        "tables": [
            {
                "caption": texts.say(caption),
                "rows": [_row(finding, texts) for finding in _worst_first(findings)[:MOST_SHOWN]],
                "more": texts.say("ind.accessibility_more", shown=MOST_SHOWN, all=len(findings))
                if len(findings) > MOST_SHOWN
                else "",
            }
            for caption, findings in (
                ("ind.accessibility_findings", found.findings),
                ("ind.accessibility_review", found.needs_review or ()),
            )
            if findings
        ],
    }


def accessibility_sentences(found: Accessibility, texts: Texts) -> list[str]:
    """Return what was found, what only a person can decide, and what all of it does not show."""
    if found.findings:
        said = texts.say(
            "ind.accessibility_found",
            count=sum(finding.count for finding in found.findings),
            rules=len({finding.rule for finding in found.findings}),
            bad=len({finding.page for finding in found.findings}),
            pages=found.pages,
        )
    else:
        said = texts.say("ind.accessibility_clean", n=found.pages)
    sentences = [said]
    if found.needs_review:
        count = sum(finding.count for finding in found.needs_review)
        sentences.append(texts.say("ind.accessibility_review_n", count=count))
    if found.pages_without_rules:
        sentences.append(texts.say("ind.accessibility_blank", n=found.pages_without_rules))
    return [*sentences, texts.say("ind.accessibility_part")]


def _tool(found: Accessibility, texts: Texts) -> str:
    named = " ".join(name for name in (found.tool, found.tool_version) if name)
    return named or texts.say("ind.accessibility_tool")


def _worst_first(findings: Sequence[AccessibilityFinding]) -> list[AccessibilityFinding]:
    return sorted(findings, key=lambda f: (-severity(f.impact), -f.count, f.page, f.rule))


def _row(finding: AccessibilityFinding, texts: Texts) -> dict[str, Any]:
    return {
        "page": finding.page,
        "rule": finding.rule,
        "wcag": ", ".join(finding.criteria) or None,
        "impact": texts.word("ind.impact", finding.impact) if finding.impact else None,
        "count": finding.count,
    }
