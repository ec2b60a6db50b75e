import current from 'spdx-license-ids/index.json' with { type: 'json' };

/** SPDX's licence identifiers, without those that it has given up. */
export const spdxLicenses: readonly string[] = current;
