/** One option found among a macro's arguments: `-x`, with its argument where it takes one and has one. */
export interface FoundOption {
  readonly letter: string;
  readonly argument: string | undefined;
}

export interface ParsedOptions {
  readonly options: readonly FoundOption[];
  /** What is left once the options are gone, in its order. */
  readonly operands: readonly string[];
  /** The letter that is unknown or lacks its argument, empty where an operand is what is wrong; the rest of the result then holds what was read before it. */
  readonly wrong: string | undefined;
}

/**
 * Splits a parametric macro's arguments as glibc's getopt does with the macro's letters: options may stand behind
 * operands unless the letters begin with `+`, `--` ends them, `x:` takes an argument, `x::` takes one only where it is
 * attached. The letters `-` alone switch options off. Letters that begin with `-` make rpm stop at the first operand
 * and then take everything for operands, the macro's `name` included, or complain (versions before 4.17, where the letter alone is not special either).
 */
export function parseOptions(name: string, args: readonly string[], letters: string, takesOperands: boolean): ParsedOptions {
  if (letters === '-' && takesOperands) return { options: [], operands: args, wrong: undefined };
  const options: FoundOption[] = [];
  const operands: string[] = [];
  let known = letters;
  const inOrder = known.startsWith('-');
  const stopsEarly = known.startsWith('+');
  if (inOrder || stopsEarly) known = known.slice(1);
  // A missing argument is told apart by ':' in place of '?', and rpm then takes the colon for an option of that letter.
  const colon = known.startsWith(':');
  if (colon) known = known.slice(1);
  let i = 0;
  for (; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') {
      i++;
      break;
    }
    if (arg.length < 2 || arg[0] !== '-') {
      if (inOrder) return { options, operands: [name, ...args], wrong: takesOperands ? undefined : '' };
      if (stopsEarly) break;
      operands.push(arg);
      continue;
    }
    for (let j = 1; j < arg.length; j++) {
      const letter = arg[j]!;
      const at = letter === ':' || letter === ';' ? -1 : known.indexOf(letter);
      if (at < 0) return { options, operands: [...operands, ...args.slice(i)], wrong: letter };
      if (known[at + 1] !== ':') {
        options.push({ letter, argument: undefined });
        continue;
      }
      const attached = arg.slice(j + 1);
      if (attached !== '') options.push({ letter, argument: attached });
      else if (known[at + 2] === ':') options.push({ letter, argument: undefined });
      else if (i + 1 < args.length) options.push({ letter, argument: args[++i]! });
      else if (colon) options.push({ letter: ':', argument: undefined });
      else return { options, operands, wrong: letter };
      break;
    }
  }
  for (; i < args.length; i++) operands.push(args[i]!);
  return { options, operands, wrong: undefined };
}
