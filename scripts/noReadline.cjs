/**
 * Stands in the bundle for readline-sync, which fengari wants for the prompt of its debugger alone: that module reads terminals
 * through Node's internals and starts programs, and nothing of the kind has a place in a process that reads specs.
 */
module.exports = { setDefaultOptions() {}, prompt: () => 'cont' };
