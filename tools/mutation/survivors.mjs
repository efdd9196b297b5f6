// Survivors by what they change, as a diff of one line: that stays the same when lines move.
import { parse } from 'yaml';

const NOTICED = new Set(['Killed', 'Timeout']);
const SURVIVES = new Set(['Survived', 'NoCoverage']);

/**
 * Holds a report of Stryker's to the list of the mutants that are the same program, as far as the
 * report goes: file → reasons, each with the mutants it holds for as a diff.
 */
export function compareSurvivors({ files }, list) {
  const listed = new Map(
    Object.entries(parse(list)).flatMap(([file, entries]) =>
      entries
        .flatMap(({ diff }) => diff.trimEnd().match(/^- .*\n\+ .*$/gm))
        .map((diff) => [textOf(file, diff), file]),
    ),
  );
  const all = Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants.map((mutant) => ({ text: textOf(file, diffOf(source, mutant)), ...mutant })),
  );
  const survivors = all.filter(({ status }) => SURVIVES.has(status));
  // A mutant that is only slower may take too long on a busy machine.
  const mayBeListed = new Set(
    all
      .filter(({ status }) => SURVIVES.has(status) || status === 'Timeout')
      .map(({ text }) => text),
  );
  const noticed = all.filter(({ status }) => NOTICED.has(status)).length;
  return {
    mutants: noticed + survivors.length,
    noticed,
    survivors: survivors.length,
    unlisted: survivors.map(({ text }) => text).filter((text) => !listed.has(text)),
    outdated: [...listed]
      .filter(([text, file]) => file in files && !mayBeListed.has(text))
      .map(([text]) => text),
  };
}

function textOf(file, diff) {
  return `${file}:\n${diff}`;
}

function diffOf(source, { location: { start, end }, replacement }) {
  const lines = source.split('\n');
  const before = lines[start.line - 1].slice(0, start.column - 1);
  const after = lines[end.line - 1].slice(end.column - 1);
  const whole = lines.slice(start.line - 1, end.line).join('\n');
  return `- ${oneLine(whole)}\n+ ${oneLine(before + replacement + after)}`;
}

function oneLine(text) {
  return text.trim().replace(/\s+/g, ' ');
}
