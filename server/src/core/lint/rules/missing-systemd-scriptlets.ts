import { defineRule } from '../rule.js';
import { isCommentLine, scriptlets } from '../written.js';

/** Reports a package with systemd units and no scriptlet that tells systemd of them. */
export const missingSystemdScriptlets = defineRule({
  id: 'missing-systemd-scriptlets',
  group: 'packaging',
  severity: 'information',
  summary: 'Report systemd units without scriptlets',
  messages: {
    missing: { what: "The unit '{{unit}}' is packaged without scriptlets for it.", why: 'systemd is not told of the unit: presets are not applied, and an update does not restart the service.', help: 'Add %post with %systemd_post, %preun with %systemd_preun, %postun with %systemd_postun_with_restart.' },
  },
  check({ spec, written, lines, report }) {
    const filesSections = spec.sections.filter(({ name, generated }) => name === 'files' && !generated);
    if (filesSections.length === 0) return;
    const told = new Set(spec.sections.filter(({ name, text }) => scriptlets.has(name) && /systemd|systemctl|service_(add|del)|sysusers/.test(text)).map((section) => section.package));
    // Scriptlets that a macro brings belong to whatever the macro says.
    if (spec.sections.some(({ name, generated }) => generated && scriptlets.has(name))) return;
    for (const section of filesSections) {
      if (told.has(section.package)) continue;
      const first = lines.lineAt(section.headerSpan.start) + 1;
      for (let number = first; number < lines.count && lines.lineStart(number) < section.span.end; number++) {
        const text = written.texts[number]!;
        const match = written.places[number]!.isSkipped || isCommentLine(text) ? null : /^(?:%(?:config|attr|dir)\S*\s+)*((?:%\{?_unitdir\}?|%\{_prefix\}\/lib\/systemd\/system|\/usr\/lib\/systemd\/system)\/([^\s\/@*?[{]+\.(?:service|socket|timer|path)))\s*$/.exec(text);
        if (match === null) continue;
        const start = lines.lineStart(number) + text.indexOf(match[1]!);
        report({ at: { start, end: start + match[1]!.length }, message: 'missing', data: { unit: match[2]! } });
        break;
      }
    }
  },
});
