declare const SPECTRAIL_VERSION: string;

/** Set by the bundler; unbundled code (tests) has none. */
export const version = typeof SPECTRAIL_VERSION === 'string' ? SPECTRAIL_VERSION : '0.0.0-dev';
