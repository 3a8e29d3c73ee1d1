// Cells copied from a spreadsheet become a Markdown table.
import { insertAtCaret } from "../lib/insert.js";

/** Rows of cells; a quoted cell may hold tabs and line breaks, "" is a quote in it. */
export function cells(text) {
  const rows = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/y;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
  while (cell.lastIndex <= source.length) {
    const match = cell.exec(source);
    if (!match) return [];
    rows.at(-1).push((match[1]?.replaceAll('""', '"') ?? match[2]).replace(/\s+/g, " ").trim());
    if (match[3] === "") break;
    if (match[3] === "\n") rows.push([]);
  }
  return rows;
}

function isTable(rows, html) {
  const width = rows[0]?.length ?? 0;
  if (width < 2 || rows.length < 2 || rows.some((row) => row.length !== width)) return false;
  // Indented code has tabs too, but its lines start with them.
  return /<table/i.test(html) || rows.every((row) => row[0] !== "");
}

function markdown(rows) {
  const line = (row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const [head, ...body] = rows;
  return [line(head), line(head.map(() => "---")), ...body.map(line)].join("\n");
}

export function start(area) {
  area.addEventListener("paste", (event) => {
    const data = event.clipboardData;
    const text = data?.getData("text/plain") ?? "";
    if (!text.includes("\t")) return;
    const before = area.value.slice(0, area.selectionStart);
    if ((before.match(/^ {0,3}(```|~~~)/gm) ?? []).length % 2) return; // inside code
    const rows = cells(text);
    if (!isTable(rows, data.getData("text/html"))) return;
    event.preventDefault();
    event.stopPropagation();
    const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    insertAtCaret(area, `${gap}${markdown(rows)}\n`);
  });
}
