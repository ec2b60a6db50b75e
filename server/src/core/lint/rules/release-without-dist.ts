import { defineRule } from '../rule.js';

/** Reports a Release without the distribution's tag, where the distribution has one. */
export const releaseWithoutDist = defineRule({
  id: 'release-without-dist',
  group: 'packaging',
  severity: 'information',
  summary: 'Report releases without %{?dist}',
  sources: [{ tool: 'rpmlint', id: 'no-dist-tag', how: 'inspired' }],
  messages: {
    missing: { what: "The release '{{release}}' does not say what it was built for.", why: 'Builds of the same spec for two releases of the distribution have the same name, and an upgrade between them keeps the old one.', help: 'Add %{?dist}.' },
  },
  check({ spec, text, report }) {
    const dist = spec.expand('%{?dist}');
    if (dist === '' || dist.includes('%')) return;
    for (const { name, value, valueSpan, incomplete, generated, package: owner } of spec.tags) {
      if (name !== 'Release' || owner !== 0 || incomplete || generated || value.includes(dist.replace(/^\./, ''))) continue;
      const written = text.slice(valueSpan.start, valueSpan.end);
      if (!/%\{?[?!]*(dist|autorelease)/.test(written)) report({ at: valueSpan, message: 'missing', data: { release: value } });
    }
  },
});
