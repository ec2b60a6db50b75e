import { defineRule } from '../rule.js';
import { readIn } from '../written.js';

/** Reports lines of a %description with more than 79 characters. */
export const descriptionLineTooLong = defineRule({
  id: 'description-line-too-long',
  group: 'style',
  severity: 'hint',
  summary: 'Report description lines of more than 79 characters',
  sources: [{ tool: 'rpmlint', id: 'description-line-too-long', how: 'same' }],
  messages: {
    long: { what: 'This line of the description has {{length}} characters; {{limit}} are the limit.', why: 'Package managers show descriptions as they are, so the line is broken anywhere.', help: 'Break it where it reads well.' },
  },
  lines: {
    at: readIn('description'),
    check({ text, isComment }, report) {
      const length = [...text].length;
      // A long URL cannot be broken.
      if (length > limit && !isComment && /\S\s+\S/.test(text.trim()) && !/https?:\/\/\S{40}/.test(text)) report({ at: { start: limit, end: text.length }, message: 'long', data: { length, limit } });
    },
  },
});

const limit = 79;
